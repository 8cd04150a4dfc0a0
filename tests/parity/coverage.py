#!/usr/bin/python3
"""coverage.py -- which options of s_client the cases of parity leave out.

Every option must be seen on the wire; one with a value that can be bad needs a
case whose remark begins with "bad -NAME"; and each line of conflicts.tsv needs
a case that says its words in their order.  Each difference must be told of in the
man page, where its case stands in a remark.  Prints what is left out.
"""

import collections
import pathlib
import re
import shlex
import sys

from cases import read_cases, read_differences

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "man" / "tlsfleet.1.in"
TABLE = HERE.parents[1] / "include" / "options.def"
ROW = re.compile(r'^OPT\(\w+, "([^"]+)", (\w+), (?:"[^"]*"|NULL), '
                 r'(?:"[^"]*"|NULL),\s+(\w+), \w+, (\w+), ([\w |]+), (\w+),',
                 re.M)
BAD = re.compile(r"^bad ((?:-[\w-]+ ?)+)(?::|$)")

# What s_client has in some builds or versions only: any case will do.
MAYBE = re.compile(r"OPENSSL_3_\d|QUIC|TFO|KTLS|SCTP|SSL3")
# Any text is good enough for s_client.
ANY_TEXT = {"host", "proxy_user", "psk_identity", "srpuser", "name",
            "xmpphost", "keymatexport", "dane_tlsa_domain", "verify_hostname",
            "verify_email"}
# Taken as they are: s_client looks at neither of them.
UNSEEN = {"provider-path"}
# They end before anything is connected.
NO_WIRE = {"help", "h"}

Option = collections.namedtuple("Option", "name kind needs traits handler")


def options():
    """Those of s_client, by name."""
    rows = (Option(name, kind, needs, traits, handler) for
            name, kind, _, needs, traits, handler in
            ROW.findall(TABLE.read_text()))
    return {row.name: row for row in rows if "OPT_OWN" not in row.traits}


def said(step, table):
    """The options of one command line, in their order."""
    names = []
    words = shlex.split(step)
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            continue
        name, equals, _ = word.lstrip("-").partition("=")
        names.append(name)
        if name in table and table[name].kind != "FLAG" and not equals:
            words = words[1:]
    return names


def conflicts():
    """Lists of options that stand in each other's way."""
    for line in (HERE / "conflicts.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")[0].split()


def can_be_bad(option):
    return (option.kind != "FLAG" and option.handler != "refused"
            and not MAYBE.match(option.needs)
            and option.name not in ANY_TEXT | UNSEEN)


def holds(words, names):
    """Whether "words" are said in this order, and none of those with "!"."""
    if any(word[1:] in names for word in words if word[0] == "!"):
        return False
    said_in_order = iter(names)
    return all(word in said_in_order for word in words if word[0] != "!")


def gaps(cases):
    """Sentences, none when nothing is left out."""
    table = options()
    lines, wired, bad = [], set(), set()
    for case in cases:
        each = [said(step, table) for step in case.steps]
        lines += each
        if "none" not in case.directives:
            wired.update(*each)
        found = BAD.match(case.about)
        names = [word[1:] for word in found[1].split()] if found else []
        for name in names:
            if name not in set().union(*each):
                yield f"{case.id}: it is about -{name} and does not say it"
        bad.update(names)
    some = set().union(*lines)
    for name, option in table.items():
        anywhere = (MAYBE.match(option.needs) or option.handler == "refused"
                    or name in NO_WIRE)
        if name not in (some if anywhere else wired):
            yield f"-{name}: no case {'has' if anywhere else 'connects with'} it"
        if can_be_bad(option) and name not in bad:
            yield f"-{name}: no case has a bad value of it"
    for words in conflicts():
        if not any(holds(words, names) for names in lines):
            yield f"{' '.join(words)}: no case has them together"
    yield from untold()


def untold():
    remarks = re.findall(r'^\.\\" (.*)$', PAGE.read_text(), re.M)
    told = {word for remark in remarks for word in remark.split()}
    for name in read_differences():
        if name not in told:
            yield f"{name}: the man page does not tell of the difference"


def main():
    found = list(gaps(read_cases()))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
