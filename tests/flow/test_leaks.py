"""64 targets in one run, no two with anything in common: nothing of one
reaches another, neither in the records nor on the wire."""

import json
import re
import subprocess

from fleet.case import FlowCase
from fleet.heard import heard
from fleet.program import read_jsonl

COUNT = 64
CANARY = re.compile(r"canary\d\d")
BACKWARDS = re.compile(r"\d\dyranac")
SUITE = "TLS_AES_128_GCM_SHA256"  # the one that goes with a key of -psk
KINDS = ("fresh", "resumed", "psk")


class Canary:
    """All that one target and its server share, and nobody else has."""

    def __init__(self, n, folder):
        self.name = f"canary{n:02d}"
        self.psk = f"{n + 1:032x}"
        self.version = "TLSv1.2" if n % 2 else "TLSv1.3"
        self.folder = folder / self.name
        self.folder.mkdir()
        for side in ("server", "client"):
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-noenc", "-days", "3000",
                 "-subj", f"/CN={self.name} {side}",
                 "-addext", f"subjectAltName=DNS:{self.name}.demo.test",
                 "-keyout", self.folder / f"{side}.key",
                 "-out", self.folder / f"{side}.pem"],
                check=True, capture_output=True)
        (self.folder / "input").write_text(f"say {self.name}\n")

    def serve(self):
        return heard("-rev", "-alpn", self.name, "-psk", self.psk,
                     "-psk_identity", self.name, "-ciphersuites", SUITE,
                     "-Verify", "1", "-verify_return_error", "-CAfile",
                     self.folder / "client.pem",
                     cert=str(self.folder / "server"), chain=False)

    def entry(self, kind, port):
        """A target of a YAML list."""
        words = {
            "connect": f"{self.name}.demo.test@127.0.0.1:{port}",
            "alpn": self.name, "input": self.folder / "input",
            "keylogfile": self.folder / "keys",
            "keymatexport": self.name,
            "msgfile": self.folder / f"{kind}.messages", "msg": "true",
        }
        if kind == "psk":
            words |= {"psk": f'"{self.psk}"', "psk_identity": self.name,
                      "min_protocol": "TLSv1.3"}
        else:
            words |= {"cert": self.folder / "client.pem",
                      "key": self.folder / "client.key",
                      "CAfile": self.folder / "server.pem",
                      "verify_return_error": "true",
                      "max_protocol": self.version}
        if kind == "first":
            words["sess_out"] = self.folder / "session"
        if kind == "resumed":
            words["sess_in"] = self.folder / "session"
        return "  - " + "\n    ".join(f"{k}: {v}" for k, v in words.items())

    def messages(self, kind):
        """What is in clear of the bytes that -msg wrote down."""
        dump = re.findall("^   ((?: [0-9a-f]{2})+)$",
                          (self.folder / f"{kind}.messages").read_text(), re.M)
        return bytes.fromhex("".join(dump)).decode("latin1")

    def randoms(self):
        """Of the connections whose secrets are in its key log."""
        lines = (self.folder / "keys").read_text().splitlines()
        return {line.split()[1] for line in lines if not line.startswith("#")}


class Leaks(FlowCase):
    def setUp(self):
        super().setUp()
        self.canaries = [Canary(n, self.folder) for n in range(COUNT)]
        self.servers = [self.stack.enter_context(c.serve())
                        for c in self.canaries]

    def scan(self, kinds, *words):
        text = "targets:\n" + "\n".join(
            canary.entry(kind, server.port) for kind in kinds
            for canary, server in zip(self.canaries, self.servers)) + "\n"
        return self.run_program(
            "-targets", self.file("list.yaml", text), "-workers", "32",
            "-per_address", "32", "-show_secrets", "-fields", "all", "-report",
            "jsonl", *words, status=0, seconds=300)

    def assertOwn(self, canary, text, what):
        """No other canary sings in it, forwards or backwards."""
        heard_there = set(CANARY.findall(text)) | {
            word[::-1] for word in BACKWARDS.findall(text)}
        self.assertEqual(heard_there, {canary.name}, what)

    def check_record(self, canary, kind, record):
        self.assertOwn(canary, json.dumps(record), (canary.name, kind))
        self.assertEqual(record["status"], "ok", record)
        self.assertEqual(record["alpn"], canary.name)
        self.assertEqual(record["response"],
                         f"say {canary.name}"[::-1] + "\\x0A")
        self.assertEqual(record["protocol"],
                         "TLSv1.3" if kind == "psk" else canary.version)
        self.assertIs(record["resumed"], kind == "resumed", record)
        self.assertEqual(record["psk"],
                         canary.name if kind == "psk" else None)
        if kind != "psk":
            self.assertIs(record["verified"], True)
            self.assertIn(f"{canary.name} server", record["subject"])

    def check_blocks(self, text, count):
        """The report as s_client prints it, a block for each target."""
        _, *blocks = re.split(r"^=== ", text, flags=re.M)
        self.assertEqual(len(blocks), count)
        for n, block in enumerate(blocks):
            self.assertOwn(self.canaries[n % COUNT], block, block[:80])

    def test_nothing_of_one_reaches_another(self):
        first = read_jsonl(self.scan(("first",)).out)
        for canary, record in zip(self.canaries, first):
            self.check_record(canary, "fresh", record)
        full = self.folder / "full.txt"
        found = read_jsonl(self.scan(KINDS, "-report", f"full={full}").out)
        self.assertEqual(len(found), COUNT * len(KINDS))
        for n, record in enumerate(found):
            self.check_record(self.canaries[n % COUNT], KINDS[n // COUNT],
                              record)
        self.check_blocks(full.read_text(), len(found))
        # Four connections each, whose secrets stand in its own file alone.
        randoms = [canary.randoms() for canary in self.canaries]
        self.assertEqual([len(own) for own in randoms], [4] * COUNT)
        self.assertEqual(len(set().union(*randoms)), 4 * COUNT)
        for canary, server in zip(self.canaries, self.servers):
            self.assertOwn(canary, server.text(), f"server of {canary.name}")
            for kind in KINDS:
                self.assertOwn(canary, canary.messages(kind),
                               f"messages of {canary.name}, {kind}")
