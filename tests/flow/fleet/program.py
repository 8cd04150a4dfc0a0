"""Runs tlsfleet and reads what it says."""

import csv
import io
import json
import os
import re
import subprocess
import time

from .place import PROGRAM, SLOW, WRAP


class Run:
    """A finished run: exit status, streams, and how long it took."""

    def __init__(self, status, out, err, seconds):
        self.status = status
        self.out = out
        self.err = err
        self.seconds = seconds

    def __str__(self):
        return (f"exit {self.status} after {self.seconds:.2f} s\n"
                f"--- stdout\n{self.out[-3000:]}\n--- stderr\n{self.err[-3000:]}")

    def csv(self):
        return read_csv(self.out)

    def jsonl(self):
        return read_jsonl(self.out)


def command(words):
    return [*WRAP, PROGRAM, *map(str, words)]


def environment(extra=None):
    kept = {k: v for k, v in os.environ.items()
            if k in ("PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                     "TSAN_OPTIONS", "LSAN_OPTIONS")}
    return {**kept, "LC_ALL": "C.UTF-8", "TERM": "dumb", **(extra or {})}


def start(*words, env=None, **popen):
    """Starts it; for tests that do something to it while it runs."""
    return subprocess.Popen(command(words), env=environment(env), **popen)


def run(*words, stdin=b"", env=None, seconds=60, **popen):
    """Runs it to its end."""
    began = time.monotonic()
    if isinstance(stdin, str):
        stdin = stdin.encode()
    done = subprocess.run(command(words), input=stdin, capture_output=True,
                          env=environment(env), timeout=seconds * SLOW, **popen)
    return Run(done.returncode, done.stdout.decode("utf-8", "strict"),
               done.stderr.decode("utf-8", "strict"),
               time.monotonic() - began)


def linked():
    """The version of the OpenSSL that the program is linked with: it takes the
    headers and the library of one."""
    said = re.findall(r"with OpenSSL (\d+)\.(\d+)", run("-version").out)
    return min((int(a), int(b)) for a, b in said)


def read_csv(text):
    """Records as dictionaries; every row must have every column."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    header = rows[0]
    for row in rows[1:]:
        assert len(row) == len(header), row
    return [dict(zip(header, row)) for row in rows[1:]]


def read_jsonl(text):
    return [json.loads(line) for line in text.splitlines()]
