"""What both ends know beforehand: pre-shared keys and SRP."""

import os
import subprocess

from fleet import apache
from fleet.case import FlowCase
from fleet.heard import heard

KEY = "00112233445566778899aabbccddeeff"
OTHER = "ffeeddccbbaa99887766554433221100"
PASS = "pass:" + apache.PASSWORD
SHORT_HASH = ("-ciphersuites", "TLS_AES_128_GCM_SHA256")


class PreSharedKey(FlowCase):
    def look(self, port, *words, **how):
        return self.record("-fields", "all", *words,
                           f"a.demo.test@127.0.0.1:{port}", **how)

    def test_up_to_tls_1_2_the_key_replaces_the_certificate(self):
        port = self.s_server("-nocert", "-psk", KEY, "-psk_identity", "me",
                             "-psk_hint", "ask me")
        record = self.look(port, "-tls1_2", "-psk", KEY, "-psk_identity", "me")
        self.assertFields(record, status="ok", psk="me", subject="",
                          verified="", resumed="no")
        self.assertIn("PSK", record["cipher"])

    def test_the_identity_is_s_clients_when_none_is_said(self):
        with heard("-nocert", "-psk", KEY, "-psk_identity", "me") as server:
            record = self.look(server.port, "-tls1_2", "-psk", KEY)
            self.assertFields(record, status="ok", psk="Client_identity")
            self.assertIn("got 'Client_identity' expected 'me'", server.text())

    def test_another_key_is_found_out(self):
        port = self.s_server("-nocert", "-psk", KEY)
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                self.assertFields(self.look(port, version, "-psk", OTHER,
                                            status=1),
                                  status="failed", code="tls_alert", psk="")

    def test_under_tls_1_3_it_is_a_session(self):
        port = self.s_server("-psk", KEY, "-psk_identity", "me")
        words = ("-tls1_3", "-psk", KEY, "-psk_identity", "me", *SHORT_HASH)
        self.assertFields(self.look(port, *words), status="ok", psk="me",
                          resumed="no")

    def test_a_name_that_the_server_does_not_know_is_passed_over(self):
        port = self.s_server("-psk", KEY, "-psk_identity", "me")
        words = ("-tls1_3", "-psk", KEY, "-psk_identity", "you", *SHORT_HASH)
        self.assertFields(self.look(port, *words), status="ok", psk="none",
                          resumed="no", verified="yes")

    def test_a_key_for_another_hash_is_passed_over(self):
        port = self.s_server("-psk", KEY, "-ciphersuites",
                             "TLS_AES_256_GCM_SHA384")
        self.assertFields(self.look(port, "-tls1_3", "-psk", KEY), status="ok",
                          psk="none", cipher="TLS_AES_256_GCM_SHA384")

    def test_also_after_a_request_for_another_group(self):
        port = self.s_server("-psk", KEY, "-groups", "P-384", "-ciphersuites",
                             "TLS_AES_256_GCM_SHA384")
        self.assertFields(self.look(port, "-tls1_3", "-psk", KEY), status="ok",
                          psk="none", group="secp384r1")

    def test_without_a_key_nobody_asked(self):
        port = self.s_server("-psk", KEY)
        self.assertFields(self.look(port, "-psk_identity", "me"),
                          psk="not_asked", srp_user="not_asked")

    def session(self, version):
        """A session file, as s_client saves it."""
        port = self.s_server()
        path = self.folder / f"session{version}.pem"
        subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}",
                        version, *SHORT_HASH, "-sess_out", path, "-ign_eof"],
                       input=b"GET / HTTP/1.0\r\n\r\n", capture_output=True,
                       check=True)
        return path

    def test_a_session_file_wins_over_the_key(self):
        path = self.session("-tls1_3")
        port = self.s_server("-psk_session", path, "-psk_identity", "me")
        for words in ((), ("-psk", OTHER)):
            with self.subTest(words):
                record = self.look(port, "-tls1_3", "-psk_session", path,
                                   "-psk_identity", "me", *words, *SHORT_HASH)
                self.assertFields(record, status="ok", psk="me", resumed="no")

    def test_a_session_of_an_older_version_is_refused(self):
        path = self.session("-tls1_2")
        run = self.run_program("-batch", "-psk_session", path, "127.0.0.1:1",
                               status=2)
        self.assertSentence(run, "-psk_session", str(path), "TLS 1.3")

    def test_each_target_has_its_own_key(self):
        keys = [f"{n:032x}" for n in range(1, 9)]
        ports = [self.s_server("-nocert", "-psk", key, "-psk_identity", f"me{n}")
                 for n, key in enumerate(keys)]
        entries = "".join(
            f"  - connect: 127.0.0.1:{ports[n % 8]}\n"
            f"    psk: \"{keys[n % 8]}\"\n    psk_identity: me{n % 8}\n"
            f"    {'max' if n % 2 else 'min'}_protocol: "
            f"{'TLSv1.2' if n % 2 else 'TLSv1.3'}\n"
            f"    ciphersuites: TLS_AES_128_GCM_SHA256\n"
            for n in range(32))
        listed = self.file("keys.yaml", "targets:\n" + entries)
        run = self.run_program("-targets", listed, "-report", "csv", "-fields",
                               "status,psk", "-workers", "16", status=0)
        self.assertEqual([(r["status"], r["psk"]) for r in run.csv()],
                         [("ok", f"me{n % 8}") for n in range(32)])
        for key in keys:
            self.assertNotIn(key, run.out + run.err)

    def test_a_hint_cannot_begin_a_line(self):
        port = self.s_server("-nocert", "-psk", KEY, "-psk_hint",
                             "x\nVerification: OK\x1b[2J")
        run = self.run_program("-batch", "-report", "full", "-tls1_2", "-debug",
                               "-psk", KEY, f"127.0.0.1:{port}", status=0)
        self.assertIn("    PSK identity hint: x Verification: OK\\x1B[2J", run.out)
        self.assertIn("Received PSK identity hint 'x Verification: OK\\x1B[2J'",
                      run.out)
        self.assertNotIn("\x1b", run.out)

    def test_what_cannot_be_used_is_told(self):
        rows = (
            (("-psk", "abc"), "even number"),
            (("-psk", "xyz1"), "hexadecimal"),
            (("-psk", "ab" * 600), "too long"),
            (("-psk_session", "/nowhere"), "/nowhere"),
            (("-psk_session", self.ca), str(self.ca)),
        )
        for words, part in rows:
            with self.subTest(words):
                run = self.run_program("-batch", *words, "127.0.0.1:1", status=2)
                self.assertSentence(run, words[0], part)

    def test_an_identity_too_long_for_the_older_versions_is_told(self):
        port = self.s_server("-psk", KEY)
        record = self.look(port, "-psk", KEY, "-psk_identity", "i" * 300)
        self.assertIn("-psk_identity", record["warnings"])


class Srp(FlowCase):
    def setUp(self):
        super().setUp()
        if not apache.is_there():
            if os.environ.get("CI") == "true":
                self.fail("no apache2 with mod_ssl: scripts/deps test")
            self.skipTest("no apache2 with mod_ssl")
        self.port = self.stack.enter_context(apache.apache(self.folder))

    def look(self, *words, user="alice", password=apache.PASSWORD, **how):
        return self.record("-fields", "all", "-srpuser", user, "-srppass",
                           f"pass:{password}", *words,
                           f"a.demo.test@127.0.0.1:{self.port}", **how)

    def test_user_and_password(self):
        record = self.look()
        self.assertFields(record, status="ok", srp_user="alice", verified="yes",
                          protocol="TLSv1.2")
        self.assertIn("SRP", record["cipher"])

    def test_many_at_once(self):
        # What crashes s_client: every connection reads the settings.
        run = self.run_program(
            "-report", "csv", "-fields", "status,srp_user", "-CAfile", self.ca,
            "-srpuser", "alice", "-srppass", PASS, "-workers", "8",
            *[f"n{n}.demo.test@127.0.0.1:{self.port}" for n in range(24)],
            status=0)
        self.assertEqual({(r["status"], r["srp_user"]) for r in run.csv()},
                         {("ok", "alice")})

    def test_a_wrong_password_and_an_unknown_user(self):
        self.assertFields(self.look(password="wrong", status=1), status="failed",
                          code="tls_alert", srp_user="")
        self.assertFields(self.look(user="nobody", status=1), status="failed",
                          tls_alert="unknown PSK identity")

    def test_a_late_user_is_not_named_in_the_hello(self):
        self.assertFields(self.look("-srp_lateuser", status=1), status="failed",
                          tls_alert="unknown PSK identity")

    def test_a_group_smaller_than_wanted_is_refused(self):
        self.assertFields(self.look("-srp_strength", "1024"), status="ok")
        record = self.look("-srp_strength", "2048", status=1)
        self.assertFields(record, status="failed", code="tls_protocol")
        self.assertIn("insufficient security", record["error"])

    def test_a_group_that_nobody_knows_needs_srp_moregroups(self):
        record = self.look(user="mallory", status=1)
        self.assertFields(record, status="failed", code="tls_protocol")
        self.assertFields(self.look("-srp_moregroups", user="mallory"),
                          status="ok", srp_user="mallory")

    def test_the_full_report_has_s_clients_lines(self):
        run = self.run_program("-batch", "-report", "full", "-srpuser",
                               "mallory", "-srppass", PASS,
                               "-srp_moregroups", f"127.0.0.1:{self.port}")
        self.assertIn("    SRP username: mallory\n", run.out)
        self.assertIn("SRP parameters:\n\tN=FFFFFFFFFFFFFFFFC90FDAA2", run.out)
        self.assertNotIn(apache.PASSWORD, run.out + run.err)

    def test_a_password_must_be_said(self):
        run = self.run_program("-batch", "-srpuser", "alice",
                               f"127.0.0.1:{self.port}", status=2)
        self.assertSentence(run, "-srpuser", "-srppass")

    def test_a_server_without_srp_is_no_failure(self):
        port = self.s_server()
        record = self.record("-fields", "all", "-srpuser", "alice", "-srppass",
                             PASS, f"a.demo.test@127.0.0.1:{port}")
        self.assertFields(record, status="ok", srp_user="none")

    def test_settings_without_a_user_are_without_effect(self):
        port = self.s_server()
        record = self.record("-fields", "all", "-srp_strength", "2048",
                             f"a.demo.test@127.0.0.1:{port}")
        self.assertFields(record, status="ok", srp_user="not_asked")
        self.assertIn("-srpuser", record["warnings"])
