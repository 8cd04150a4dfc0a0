"""Signed certificate timestamps, from a log that this test is."""

import base64
import hashlib
import struct
import subprocess

from fleet.case import FlowCase

STAMP = 1609459200000  # 2021, in milliseconds
SCT_EXTENSION = 18
# SSL_EXT_: client hello, server hello of TLS 1.2, certificate of TLS 1.3.
CONTEXT = 0x0080 | 0x0100 | 0x1000


def run(*words, **how):
    return subprocess.run(list(map(str, words)), check=True, capture_output=True,
                          **how).stdout


class Log:
    """A certificate transparency log: a key, and what it signs."""

    def __init__(self, folder, name):
        self.name = name
        self.key = folder / f"{name}.key"
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-out", self.key)
        self.public = run("openssl", "pkey", "-in", self.key, "-pubout",
                          "-outform", "DER")

    def sign(self, cert):
        """An SCT for a certificate (RFC 6962 section 3.2)."""
        signed = (struct.pack(">BBQH", 0, 0, STAMP, 0)
                  + len(cert).to_bytes(3, "big") + cert + b"\0\0")
        signature = run("openssl", "dgst", "-sha256", "-sign", self.key,
                        input=signed)
        return (b"\0" + hashlib.sha256(self.public).digest()
                + struct.pack(">QH", STAMP, 0) + b"\4\3"
                + struct.pack(">H", len(signature)) + signature)

    def entry(self):
        """Of the file that -ctlogfile names."""
        return (f"[{self.name}]\ndescription = The {self.name} log\n"
                f"key = {base64.b64encode(self.public).decode()}\n")


def server_info(scts):
    """The file by which s_server sends them, in any version of TLS."""
    items = b"".join(struct.pack(">H", len(sct)) + sct for sct in scts)
    body = struct.pack(">H", len(items)) + items
    block = struct.pack(">IHH", CONTEXT, SCT_EXTENSION, len(body)) + body
    return ("-----BEGIN SERVERINFOV2 FOR CT-----\n"
            + base64.encodebytes(block).decode()
            + "-----END SERVERINFOV2 FOR CT-----\n")


class Transparency(FlowCase):
    def setUp(self):
        super().setUp()
        self.known = Log(self.folder, "known")
        self.unknown = Log(self.folder, "unknown")
        self.logs = self.file("logs.cnf",
                              "enabled_logs = known\n" + self.known.entry())

    def cert(self, name):
        return run("openssl", "x509", "-in", self.pki / f"{name}.pem",
                   "-outform", "DER")

    def serve(self, *scts):
        return self.s_server("-serverinfo",
                             self.file("scts.pem", server_info(scts)))

    def look(self, port, *words, **how):
        return self.record("-fields", "all", *words,
                           f"a.demo.test@127.0.0.1:{port}", **how)

    def three(self):
        return self.serve(self.known.sign(self.cert("server")),
                          self.known.sign(self.cert("rsa")),
                          self.unknown.sign(self.cert("server")))

    def test_each_timestamp_is_judged(self):
        port = self.three()
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                self.assertFields(
                    self.look(port, "-ct", "-ctlogfile", self.logs, version),
                    status="ok", verified="yes", sct_count="3", sct_valid="1",
                    ocsp="not_asked")

    def test_a_server_without_any(self):
        port = self.s_server()
        self.assertFields(self.look(port, "-ct", "-ctlogfile", self.logs),
                          status="ok", sct_count="0", sct_valid="0")

    def test_without_ct_nobody_asked(self):
        port = self.three()
        for words in ((), ("-noct",), ("-ct", "-noct"),
                      ("-ctlogfile", self.logs)):
            with self.subTest(words):
                self.assertFields(self.look(port, *words), status="ok",
                                  sct_count="not_asked", sct_valid="not_asked")

    def test_the_last_of_both_counts(self):
        port = self.three()
        self.assertFields(
            self.look(port, "-noct", "-ct", "-ctlogfile", self.logs),
            sct_count="3")

    def test_the_full_report_is_s_clients(self):
        # s_client fails when one is invalid.
        port = self.serve(self.known.sign(self.cert("server")),
                          self.unknown.sign(self.cert("server")))
        ours = self.run_program(
            "-batch", "-report", "full", "-CAfile", self.ca, "-ct", "-ctlogfile",
            self.logs, f"127.0.0.1:{port}").out
        theirs = run("openssl", "s_client", "-connect", f"127.0.0.1:{port}",
                     "-CAfile", self.ca, "-ct", "-ctlogfile", self.logs,
                     input=b"").decode()

        def part(text):
            begin = text.index("---\nSCTs present (2)\n")
            return text[begin:text.index("SSL handshake has read")]
        self.assertEqual(part(ours), part(theirs))
        self.assertIn("SCT validation status: valid", ours)
        self.assertIn("The known log", ours)

    def test_a_list_of_logs_is_needed(self):
        listener = self.listener()
        rows = (
            (("-ct", "-ctlogfile", "/nowhere"), {}, ("-ctlogfile", "/nowhere")),
            (("-ct",), {"CTLOG_FILE": "/nowhere"}, ("-ct", "-ctlogfile")),
            (("-ct", "-serverinfo", "18"), {}, ("-ct",)),
        )
        for words, env, parts in rows:
            with self.subTest(words):
                done = self.run_program("-batch", *words, env=env, status=2,
                                        *[f"127.0.0.1:{listener.port}"])
                self.assertSentence(done, *parts)
                self.assertFalse(listener.was_called())

    def test_the_environment_names_the_list_too(self):
        port = self.three()
        self.assertFields(self.look(port, "-ct", env={"CTLOG_FILE": str(self.logs)}),
                          sct_count="3", sct_valid="1")

    def test_a_list_of_no_use_is_a_warning(self):
        port = self.s_server()
        self.assertIn("-ctlogfile",
                      self.look(port, "-ctlogfile", "/nowhere")["warnings"])
