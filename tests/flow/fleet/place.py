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

# What openssl and its like heed of the environment is nobody's but the tests'.
for name in ("OPENSSL_CONF", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE",
             "CTLOG_FILE", "http_proxy", "no_proxy"):
    os.environ.pop(name, None)
os.environ["LC_ALL"] = "C.UTF-8"


def certificates():
    """The folder of test certificates, made when it is not there."""
    folder = BUILD / "flow" / "pki"
    subprocess.run([SUPPORT / "pki", folder], check=True)
    return folder
