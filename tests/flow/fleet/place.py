"""Where things are, and how this run differs from a plain one."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = ROOT / "build"
TOOLS = BUILD / "tools"
SUPPORT = ROOT / "tests" / "support"

PROGRAM = os.environ.get("TLSFLEET", str(BUILD / "release" / "tlsfleet"))
# Words before the program: valgrind and its options.
WRAP = os.environ.get("TLSFLEET_WRAP", "").split()
# A sanitizer or valgrind makes everything slower, and memory another matter.
INSTRUMENTED = bool(WRAP) or "TLSFLEET_SLOW" in os.environ
SLOW = float(os.environ.get("TLSFLEET_SLOW", "8" if WRAP else "1"))


def certificates():
    """The folder of test certificates, made when it is not there."""
    folder = BUILD / "flow" / "pki"
    subprocess.run([SUPPORT / "pki", folder], check=True)
    return folder
