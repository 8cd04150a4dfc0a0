"""What the installed openssl s_client says to the same words."""

import re
import subprocess

from .place import SLOW

# What differs between two runs of one program; lengths and counts do not.
VARIABLE = (
    (re.compile(r"gmt_unix_time=0x[0-9A-F]+"), "gmt_unix_time=TIME"),
    (re.compile(r"\b0x[0-9a-f]{6,16}\b"), "PTR"),
    (re.compile(r"\b[0-9A-F]{16,}\b"), "HEX"),
    (re.compile(r"^(    Start Time: )\d+"), r"\1TIME"),
    # an ECDSA signature is a byte shorter now and then
    (re.compile(r"^(SSL handshake has read )\d+( bytes and written )\d+"),
     r"\1N\2N"),
    (re.compile(r"(ticket_age_add=|ticket_lifetime_hint=)\d+"), r"\1N"),
    # a dump: the offset stays, its bytes go
    (re.compile(r"^( *[0-9a-f]{4} - )[0-9a-f]{2}[ -].*"), r"\1DUMP"),
    (re.compile(r"^   ( [0-9a-f]{2})+$"), lambda m: f"    {len(m[0]) // 3} bytes"),
)
# Why it failed, as OpenSSL's queue has it: our sentence says it once.  And to
# whom it connects, which s_client tells since 3.2: a batch has a field for it.
QUEUE = re.compile(r"^[0-9A-F]{16}:error:|^Connecting to ")


def normal(text):
    """The lines of a text without what varies."""
    lines = []
    for line in text.splitlines():
        for pattern, instead in VARIABLE:
            line = pattern.sub(instead, line)
        lines.append(line)
    return lines


class Said:
    """One run: its own lines on standard error, and on standard output those
    before, in and after the block of the report."""

    def __init__(self, out, err):
        self.err = normal("\n".join(line for line in err.splitlines()
                                    if line != "DONE" and not QUEUE.match(line)))
        lines = normal(out)
        begin = lines.index("---") if "---" in lines else len(lines)
        end = len(lines) - lines[::-1].index("---") if "---" in lines else begin
        self.before = [line for line in lines[:begin]
                       if not line.startswith("CONNECTED(")]
        self.block = lines[begin:end]
        self.after = lines[end:]


def s_client(port, *words):
    done = subprocess.run(["openssl", "s_client", "-connect",
                           f"127.0.0.1:{port}", *map(str, words)],
                          input=b"", capture_output=True, timeout=60 * SLOW)
    return Said(done.stdout.decode("utf-8", "replace"),
                done.stderr.decode("utf-8", "replace"))
