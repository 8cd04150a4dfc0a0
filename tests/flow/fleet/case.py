"""The base of every flow test."""

import contextlib
import pathlib
import shutil
import tempfile
import unittest

from . import program, servers
from .place import BUILD, certificates


class FlowCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.pki = certificates()
        self.ca = self.pki / "root.pem"
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        (BUILD / "flow").mkdir(parents=True, exist_ok=True)
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=BUILD / "flow"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    # ---- peers, for as long as the test runs

    def s_server(self, *words, **how):
        return self.stack.enter_context(servers.s_server(*words, **how))

    def peers(self, *kinds, **how):
        return self.stack.enter_context(servers.peers(*kinds, **how))

    def nginx(self, *blocks):
        return self.stack.enter_context(servers.nginx(self.folder, *blocks))

    def listener(self):
        listener = servers.Listener()
        self.addCleanup(listener.close)
        return listener

    # ---- the program

    def file(self, name, text):
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run_program(self, *words, status=None, **how):
        run = program.run(*words, **how)
        if status is not None:
            self.assertEqual(run.status, status, run)
        return run

    def records(self, *words, status=None, **how):
        """The records of a scan, as CSV gives them."""
        run = self.run_program("-report", "csv", "-CAfile", self.ca, *words,
                               status=status, **how)
        return run.csv()

    def record(self, *words, **how):
        found = self.records("-batch", *words, **how)
        self.assertEqual(len(found), 1)
        return found[0]

    # ---- what is claimed

    def assertFields(self, record, **fields):
        got = {name: record.get(name) for name in fields}
        self.assertEqual(got, fields, record)

    def assertSentence(self, run, *parts):
        """The complaint names the thing, and nothing else came of the run."""
        for part in parts:
            self.assertIn(part, run.err, run)
        self.assertEqual(run.out, "", run)
        self.assertNotIn("\x1b", run.err)

    def assertNeutral(self, text, name="report"):
        """No control byte but LF, nothing that changes how text is read."""
        self.assertNotRegex(
            text, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f"
                  "\u2028-\u202e\u2066-\u2069\ufeff\ufffd]", name)
