"""The base of every test of this suite, and tests made from tables."""

import os
import re
import shlex
import subprocess

from fleet.case import FlowCase
from support import base, park

NAME = "server.demo.test"
SUBJECT = "O = tlsfleet test, CN = server.demo.test"

# What is true of every handshake with a server of this suite.
GOOD = {"status": "ok", "stage": "done", "code": "none", "verified": True,
        "verify_code": 0, "protocol": "TLSv1.3", "subject": SUBJECT,
        "chain_length": 2}

# Seconds; nothing on loopback needs them.
LIMITS = ("-connect_timeout", "60", "-deadline", "120")


class Has(str):
    """An expectation: the text, or one item of the list, contains this."""

    def __eq__(self, found):
        items = found if isinstance(found, list) else [found]
        return any(str(self) in item for item in items
                   if isinstance(item, str))

    __hash__ = str.__hash__

    def __repr__(self):
        return f"something with {str(self)!r}"


def in_ci():
    return os.environ.get("CI", "") not in ("", "0", "false")


class ServiceCase(FlowCase):
    def server(self, kind, tls=True):
        """The running server; the test is skipped where it is not installed."""
        try:
            return park.server(kind, tls)
        except base.Missing as reason:
            if in_ci():
                self.fail(f"{kind.__name__}: {reason}")
            self.skipTest(f"{kind.__name__}: {reason}")
        except base.Failed as reason:
            self.fail(str(reason))

    def probe(self, *words, **how):
        """The records of one run; its exit status must agree with them."""
        run = self.run_program("-batch", "-report", "jsonl", "-fields", "all",
                               "-CAfile", self.ca, *LIMITS, *words, **how)
        found = run.jsonl()
        fine = all(r["status"] == "ok" and r["verified"] and r["name_match"]
                   for r in found)
        self.assertEqual(run.status, 0 if fine else 1, run)
        return found

    def assertRecord(self, record, expected, why=None):
        """Every expected field is as expected; why() is asked if not."""
        got = {name: record.get(name) for name in expected}
        # The expected side decides about equality.
        wrong = {name: (got[name], want) for name, want in expected.items()
                 if not want == got[name]}
        if wrong:
            lines = [f"{name}: {found!r}, expected {want!r}"
                     for name, (found, want) in wrong.items()]
            self.fail("\n".join(["", *lines, str(record),
                                 why() if why else ""]))


def s_client(*words):
    """What openssl s_client says of the same target, for a failure."""
    command = ["openssl", "s_client", *map(str, words)]
    try:
        done = subprocess.run(command, input=b"", capture_output=True,
                              timeout=12, check=False)
        said = done.stdout + done.stderr
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"") + (late.stderr or b"") + b"(no end)"
    lines = [line for line in said.decode(errors="replace").splitlines()
             if re.search("error|errno|STARTTLS|support|return code|^New|CONN",
                          line)]
    return "\n  ".join([shlex.join(command), *lines])


def tests_of(table, check):
    """Gives a test class a test for each row: check(self, row)."""
    def add(cls):
        for row in table:
            name = "test_" + re.sub(r"\W+", "_", row.title)
            assert not hasattr(cls, name), name
            setattr(cls, name, lambda self, row=row: check(self, row))
        return cls
    return add
