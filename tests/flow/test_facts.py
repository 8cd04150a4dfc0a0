"""Whatever s_client only prints is a field: each fact against a real peer, as
-fields gives it in csv and in jsonl."""

import base64
import hashlib
import re
import struct
import subprocess

from fleet import apache
from fleet.case import FlowCase
from fleet.heard import heard
from fleet.place import ROOT
from fleet.program import read_jsonl

HEX = re.compile(r"[0-9A-Fa-f]+")
KEY = "00112233445566778899aabbccddeeff"
PROFILE = "SRTP_AEAD_AES_128_GCM"
# Fields with a value that other tests are about: how long things took, what
# was asked, and what only some systems and versions of OpenSSL have.
ELSEWHERE = {
    "expect": "test_morning", "change": "test_morning", "tags": "test_lists",
    "profile": "test_options", "ms_proxy": "test_trace",
    "ms_starttls": "tests/services", "starttls": "tests/services",
    "starttls_capabilities": "tests/services", "raw_key": "test_newer",
    "ktls": "test_newer", "tcp_fast_open": "test_newer",
    "response": "test_sessions", "crl_downloads": "test_crl",
    "compression": "nowhere: hardly any OpenSSL has some",
}
NOTHING = {"", "none", "not_asked", None}


def every_field():
    text = (ROOT / "include/record.def").read_text()
    return re.findall(r"^FIELD\((\w+)", text, re.M)


class Facts(FlowCase):
    """Each scenario is a pair of what the server and the client are told, and
    rows of field, text in csv and value in jsonl; a pattern matches either."""

    def setUp(self):
        super().setUp()
        self.seen = set()

    def scan(self, port, *words, status=0):
        """One record, in both formats."""
        jsonl = self.folder / "found.jsonl"
        run = self.run_program(
            "-batch", "-fields", "all", "-show_secrets", "-report", "csv",
            "-report", f"jsonl={jsonl}", "-CAfile", self.ca, *words,
            f"a.demo.test@127.0.0.1:{port}", status=status)
        return run.csv()[0], read_jsonl(jsonl.read_text())[0]

    def assertFacts(self, found, *rows):
        text, value = found
        self.seen |= {name for name, cell in text.items()
                      if cell not in NOTHING}
        for name, cell, wanted in rows:
            with self.subTest(name):
                self.assertTrue(self.is_as(text[name], cell),
                                f"csv: {text[name]!r}, not {cell!r}")
                self.assertTrue(self.is_as(value.get(name), wanted),
                                f"jsonl: {value.get(name)!r}, not {wanted!r}")

    @staticmethod
    def is_as(got, wanted):
        if isinstance(wanted, re.Pattern):
            return isinstance(got, str) and bool(wanted.fullmatch(got))
        return got == wanted and type(got) is type(wanted)

    # ---- scenarios

    def key_of_server(self):
        """A TLSA record of it."""
        key = subprocess.run(
            ["openssl", "x509", "-in", self.pki / "server.pem", "-noout",
             "-pubkey"], check=True, capture_output=True).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"],
                             input=key, check=True, capture_output=True).stdout
        return f"3 1 1 {hashlib.sha256(der).hexdigest()}"

    def with_tls_1_3(self):
        port = self.s_server("-alpn", "h2", "-status_file",
                             self.pki / "server.good.ocsp")
        self.assertFacts(
            self.scan(port, "-alpn", "h2,http/1.1", "-status", "-keymatexport",
                      "EXPORTER-facts", "-keymatexportlen", "16",
                      "-verify_hostname", "a.demo.test", "-groups", "P-256"),
            ("protocol", "TLSv1.3", "TLSv1.3"),
            ("alpn", "h2", "h2"),
            ("group", "prime256v1", "prime256v1"),
            ("temp_key_bits", "256", 256),
            ("signature", re.compile("ECDSA.*"), re.compile("ECDSA.*")),
            ("peer_signature_digest", "SHA256", "SHA256"),
            ("verified_peername", "*.demo.test", "*.demo.test"),
            ("ocsp", "good", "good"),
            ("keying_material", HEX, HEX),
            ("resumed", "no", False),
            ("secure_renegotiation", "not_asked", None),
            ("npn", "not_asked", None),
            ("dane", "not_asked", None))

    def with_tls_1_2(self):
        info = b"facts"
        block = base64.b64encode(struct.pack(">HH", 4660, len(info)) + info)
        path = self.file("info.pem", "-----BEGIN SERVERINFO FOR X-----\n"
                                     f"{block.decode()}\n"
                                     "-----END SERVERINFO FOR X-----\n")
        port = self.s_server("-nextprotoneg", "one,two", "-serverinfo", path)
        self.assertFacts(
            self.scan(port, "-tls1_2", "-nextprotoneg", "two", "-serverinfo",
                      "4660", "-cipher", "ECDHE-ECDSA-AES128-SHA256"),
            ("npn", "two", "two"),
            ("serverinfo", f"4660:{info.hex()}", [f"4660:{info.hex()}"]),
            ("secure_renegotiation", "yes", True),
            ("extended_master_secret", "yes", True),
            ("encrypt_then_mac", "yes", True),
            ("compression", "none", "none"),
            ("session_id", HEX, HEX),
            ("ticket_lifetime", "7200", 7200))

    def with_dane(self):
        record = self.key_of_server()
        words = f"{record} matched EE certificate at depth 0"
        self.assertFacts(
            self.scan(self.s_server(), "-dane_tlsa_rrdata", record),
            ("dane", words, words), ("verified", "yes", True))

    def with_early_data(self):
        session = self.folder / "session.pem"
        early = self.file("early", "knock\n")
        with heard("-early_data") as server:
            self.assertFacts(
                self.scan(server.port, "-sess_out", session),
                ("early_data", "not_asked", None), ("resumed", "no", False),
                ("max_early_data", "16384", 16384))
            self.assertFacts(
                self.scan(server.port, "-sess_in", session, "-early_data",
                          early),
                ("early_data", "accepted", "accepted"),
                ("resumed", "yes", True))
            self.assertFacts(
                self.scan(server.port, "-sess_in", session, "-early_data",
                          early),
                ("early_data", "rejected", "rejected"),
                ("resumed", "no", False))

    def with_reconnect(self):
        each = ["new"] + ["reused"] * 5
        self.assertFacts(
            self.scan(self.s_server(), "-reconnect"),
            ("resumptions", re.compile(r"new(\W+reused){5}"), each),
            ("resumed", "yes", True))

    def with_psk(self):
        port = self.s_server("-psk", KEY, "-psk_identity", "me")
        self.assertFacts(
            self.scan(port, "-psk", KEY, "-psk_identity", "me", "-ciphersuites",
                      "TLS_AES_128_GCM_SHA256", "-tls1_3"),
            ("psk", "me", "me"), ("resumed", "no", False))

    def with_srp(self):
        if not apache.is_there():
            self.seen.add("srp_user")
            return
        port = self.stack.enter_context(apache.apache(self.folder))
        self.assertFacts(
            self.scan(port, "-srpuser", "alice", "-srppass",
                      f"pass:{apache.PASSWORD}"),
            ("srp_user", "alice", "alice"))

    def with_srtp(self):
        with heard("-dtls", "-use_srtp", PROFILE) as server:
            self.assertFacts(
                self.scan(server.port, "-dtls", "-use_srtp", PROFILE),
                ("srtp", PROFILE, PROFILE), ("protocol", "DTLSv1.2", "DTLSv1.2"))

    def with_client_cas(self):
        port = self.s_server("-verify", "2", "-CAfile", self.ca)
        names = "O = tlsfleet test, CN = Test Root"
        self.assertFacts(
            self.scan(port, "-nameopt", "oneline"),
            ("client_cas", names, [names]),
            ("client_cert_requested", "yes", True))

    def with_ct(self):
        # A log's name, a time, no extension, and a signature of nobody.
        sct = (b"\0" + bytes(32) + struct.pack(">Q", 1609459200000) + b"\0\0"
               + b"\4\3" + struct.pack(">H", 8) + bytes(8))
        body = struct.pack(">HH", len(sct) + 2, len(sct)) + sct
        block = base64.b64encode(struct.pack(">HH", 18, len(body)) + body)
        path = self.file("scts.pem", "-----BEGIN SERVERINFO FOR CT-----\n"
                                     f"{block.decode()}\n"
                                     "-----END SERVERINFO FOR CT-----\n")
        logs = self.file("logs.cnf", "enabled_logs =\n")
        self.assertFacts(
            self.scan(self.s_server("-serverinfo", path), "-tls1_2", "-ct",
                      "-ctlogfile", logs),
            ("sct_count", "1", 1), ("sct_valid", "0", 0))

    def with_a_failure(self):
        self.assertFacts(
            self.scan(self.s_server("-tls1_2"), "-tls1_3", status=1),
            ("tls_alert", "protocol version", "protocol version"),
            ("stage", "handshake", "handshake"),
            ("code", "tls_alert", "tls_alert"))

    def with_a_certificate_that_does_not_verify(self):
        self.assertFacts(
            self.scan(self.s_server(cert="expired"), "-mtu", "1400", status=1),
            ("verified", "no", False), ("verify_code", "10", 10),
            ("verify_error", "certificate has expired",
             "certificate has expired"),
            ("warnings", re.compile(".*-mtu.*DTLS.*"),
             ["option '-mtu': only DTLS has it (-dtls)"]))

    def test_every_fact_in_csv_and_jsonl(self):
        scenarios = [name for name in dir(self) if name.startswith("with_")]
        for name in scenarios:
            with self.subTest(name):
                getattr(self, name)()
        never = set(every_field()) - self.seen - set(ELSEWHERE)
        self.assertEqual(never, set(), "fields that had no value anywhere")
