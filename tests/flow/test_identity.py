"""Who we are, whom we trust, and how hard we look: against real servers."""

import os
import threading

from fleet.case import FlowCase


class Identity(FlowCase):
    def setUp(self):
        super().setUp()
        self.port = self.s_server("-Verify", "2", "-CAfile", self.ca,
                                  "-verify_return_error")
        self.target = f"a.demo.test@127.0.0.1:{self.port}"

    def test_every_way_to_give_a_certificate(self):
        pki = self.pki
        rows = (
            ("-cert", pki / "client.pem", "-key", pki / "client.key",
             "-cert_chain", pki / "int.pem"),
            ("-cert", pki / "client.pem", "-key", pki / "client.enc.key", "-pass",
             "pass:secret", "-cert_chain", pki / "int.pem"),
            ("-cert", pki / "client.der", "-certform", "DER", "-key",
             pki / "client.key.der", "-keyform", "DER", "-cert_chain",
             pki / "int.pem"),
            ("-cert", pki / "client.p12", "-certform", "P12", "-key",
             pki / "client.p12", "-keyform", "P12", "-pass", "pass:secret",
             "-cert_chain", pki / "int.pem"),
            ("-cert", pki / "client.pem", "-key", pki / "client.key",
             "-build_chain", "-chainCAfile", pki / "both.pem"),
            ("-xcert", pki / "client.pem", "-xkey", pki / "client.key", "-xchain",
             pki / "int.pem"),
        )
        for words in rows:
            for version in ("-tls1_2", "-tls1_3"):
                with self.subTest((words[0], words[1].name, *words[4:5], version)):
                    self.assertFields(
                        self.record(*words, version, self.target),
                        status="ok", verified="yes")

    def test_a_pass_phrase_from_environment_and_file(self):
        words = ("-cert", self.pki / "client.pem", "-key",
                 self.pki / "client.enc.key", "-cert_chain", self.pki / "int.pem")
        phrase = self.file("phrase", "secret\n")
        for source, env in ((f"file:{phrase}", None),
                            ("env:PHRASE", {"PHRASE": "secret"})):
            with self.subTest(source):
                record = self.record(*words, "-pass", source, self.target, env=env)
                self.assertFields(record, status="ok")

    def test_a_pass_phrase_is_read_once_for_all_targets(self):
        """Each target has a context of its own, and the phrase one line."""
        targets = self.file("list", "".join(
            f"n{n}.demo.test@127.0.0.1:{self.port} -alpn p{n}\n"
            for n in range(32)))
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        words = ("-targets", targets, "-cert", self.pki / "client.pem", "-key",
                 self.pki / "client.enc.key", "-cert_chain",
                 self.pki / "int.pem", "-CAfile", self.ca, "-workers", "16",
                 "-report", "csv", "-fields", "status,error", "-pass")
        writer = threading.Thread(target=pipe.write_text, args=("secret\n",),
                                  daemon=True)
        writer.start()
        for source in ("stdin", "fd:0", f"file:{pipe}"):
            with self.subTest(source):
                run = self.run_program(*words, source, stdin="secret\nno\n",
                                       status=0)
                self.assertEqual([r["status"] for r in run.csv()], ["ok"] * 32)
        writer.join(60)

    def test_what_cannot_be_used_is_told_before_anything_is_connected(self):
        listener = self.listener()
        target = f"127.0.0.1:{listener.port}"
        pki = self.pki
        rows = (
            (("-cert", pki / "client.pem", "-key", pki / "server.key"), "server.key"),
            (("-cert", pki / "client.pem", "-key", pki / "client.enc.key", "-pass",
              "pass:wrong"), "client.enc.key"),
            (("-cert", "/nowhere.pem"), "/nowhere.pem"),
            (("-cert", pki / "client.pem", "-key", pki / "client.key", "-pass",
              "env:NOT_SET"), None),
            (("-CRL", "/nowhere.crl"), "/nowhere.crl"),
        )
        for words, named in rows:
            if named is None:
                continue
            with self.subTest(words):
                run = self.run_program("-batch", *words, target, status=2)
                self.assertSentence(run, str(named))
                self.assertNotIn("wrong", run.err.replace(str(pki), ""))
                self.assertFalse(listener.was_called())

    def test_two_identities_in_one_scan(self):
        listed = self.file("list.yaml", f"""
defaults: {{ CAfile: {self.ca} }}
targets:
  - {self.target}
  - connect: {self.target}
    cert: {self.pki}/client.pem
    key: {self.pki}/client.key
    cert_chain: {self.pki}/int.pem
  - {self.target}
""")
        run = self.run_program("-targets", listed, "-report", "csv", "-workers", "1")
        self.assertEqual([r["code"] for r in run.csv()],
                         ["client_cert_required", "none", "client_cert_required"])


class Trust(FlowCase):
    def check(self, *words, cert="server", name="a.demo.test", chain=True,
              server=(), status=None):
        port = self.s_server(*server, cert=cert, chain=chain)
        run = self.run_program("-batch", "-report", "csv", "-fields", "all", *words,
                               f"{name}@127.0.0.1:{port}", status=status)
        return run.csv()[0]

    def test_stores(self):
        pki = self.pki
        for words in (("-CAfile", pki / "root.pem"), ("-CApath", pki / "capath"),
                      ("-CAstore", pki / "root.pem"),
                      ("-verifyCAfile", pki / "root.pem"),
                      ("-verifyCApath", pki / "capath"),
                      ("-verifyCAstore", pki / "root.pem")):
            with self.subTest(words[0]):
                self.assertFields(self.check(*words), verified="yes",
                                  verify_code="0")
        self.assertFields(self.check("-no-CAfile", "-no-CApath", "-no-CAstore"),
                          verified="no")

    def test_a_revoked_certificate_is_seen_with_a_crl(self):
        words = ("-CAfile", self.ca, "-crl_check")
        for form in (("-CRL", self.pki / "int.crl.pem"),
                     ("-CRL", self.pki / "int.crl.der", "-CRLform", "DER")):
            with self.subTest(form):
                self.assertFields(self.check(*words, *form, cert="revoked"),
                                  verified="no", verify_code="23")
                self.assertFields(self.check(*words, *form), verified="yes")
        self.assertFields(self.check(*words, cert="revoked"), verify_code="3")

    def test_crls_of_the_whole_chain(self):
        words = ("-CAfile", self.ca, "-crl_check_all", "-CRL",
                 self.pki / "int.crl.pem")
        self.assertFields(self.check(*words), verified="no", verify_code="3")
        self.assertFields(self.check(*words, "-CRL", self.pki / "root.crl.pem"),
                          verified="yes")

    def test_verify_options_reach_openssl(self):
        pki = self.pki
        rows = (
            # words, certificate, verify_code
            (("-CAfile", pki / "root.pem", "-attime", "1600000000"), "expired", "0"),
            (("-CAfile", pki / "root.pem", "-no_check_time"), "expired", "0"),
            (("-CAfile", pki / "root.pem", "-attime", "1500000000"), "server", "9"),
            (("-CAfile", pki / "int.pem", "-partial_chain"), "server", "0"),
            (("-CAfile", pki / "int.pem"), "server", "2"),
            (("-CAfile", pki / "root.pem", "-purpose", "sslclient"), "server", "26"),
            (("-CAfile", pki / "root.pem", "-verify_depth", "1"), "server", "0"),
            (("-CAfile", pki / "root.pem", "-verify_hostname", "a.demo.test"),
             "server", "0"),
            (("-CAfile", pki / "root.pem", "-verify_hostname", "x.example"),
             "server", "62"),
            (("-CAfile", pki / "root.pem", "-verify_ip", "127.0.0.1"), "server", "0"),
            (("-CAfile", pki / "root.pem", "-verify_ip", "192.0.2.1"), "server", "64"),
            (("-CAfile", pki / "root.pem", "-verify_email", "a@b.example"),
             "server", "63"),
            (("-CAfile", pki / "root.pem", "-auth_level", "3"), "rsa", "66"),
            (("-CAfile", pki / "root.pem", "-x509_strict"), "server", "0"),
        )
        for words, cert, code in rows:
            with self.subTest((words[2:], cert)):
                self.assertFields(self.check(*words, cert=cert), verify_code=code,
                                  verified="yes" if code == "0" else "no",
                                  status="ok")

    def test_verify_return_error_ends_the_handshake(self):
        record = self.check("-CAfile", self.ca, "-verify_return_error",
                            cert="expired", status=1)
        self.assertFields(record, status="failed", stage="verify",
                          code="verify_failed", verify_code="10", verified="no")
        self.assertIn("expired.demo.test", record["subject"])
        record = self.check("-CAfile", self.ca, "-verify_return_error", status=0)
        self.assertFields(record, status="ok")

    def test_a_staple_is_verified(self):
        rows = (("server", "good", "good"), ("revoked", "revoked", "revoked"),
                ("server", "forged", "invalid"))
        for cert, kind, verdict in rows:
            with self.subTest(kind):
                record = self.check(
                    "-CAfile", self.ca, "-status", cert=cert,
                    server=("-status_file", self.pki / f"{cert}.{kind}.ocsp"))
                self.assertFields(record, status="ok", ocsp=verdict)
        staple = ("-status_file", self.pki / "server.good.ocsp")
        for words in (("-CAfile", self.pki / "selfsigned.pem"),
                      ("-no-CAfile", "-no-CApath", "-no-CAstore")):
            record = self.check(*words, "-status", server=staple)
            self.assertFields(record, status="ok", verified="no", ocsp="")
            self.assertIn("OCSP response cannot be judged", record["warnings"])
        record = self.check("-CAfile", self.pki / "server.pem", "-partial_chain",
                            "-status", server=staple, chain=False)
        self.assertFields(record, verified="yes", ocsp="")
        self.assertIn("no trusted certificate vouches", record["warnings"])
        self.assertFields(self.check("-CAfile", self.ca, "-status"), ocsp="none")
        self.assertFields(self.check("-CAfile", self.ca), ocsp="not_asked")

    def test_a_key_log_is_kept_private(self):
        log = self.folder / "keys"
        self.check("-CAfile", self.ca, "-keylogfile", log, status=0)
        self.assertIn("CLIENT_HANDSHAKE_TRAFFIC_SECRET", log.read_text())
        self.assertEqual(log.stat().st_mode & 0o777, 0o600)
        before = log.read_text()
        self.check("-CAfile", self.ca, "-keylogfile", log, status=0)
        self.assertTrue(log.read_text().startswith(before))


class Nginx(FlowCase):
    """A server that people run."""

    def test_alpn_staple_and_client_certificate(self):
        pki = self.pki
        plain, stapled, strict, old = self.nginx(
            "location / { return 200 'hello'; }",
            f"ssl_stapling on; ssl_stapling_file {pki}/server.good.ocsp;",
            f"ssl_verify_client on; ssl_client_certificate {pki}/root.pem; "
            "ssl_verify_depth 3;",
            "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;")
        listed = self.file("list.yaml", f"""
defaults: {{ CAfile: {self.ca}, alpn: "h2,http/1.1", status: true }}
targets:
  - plain.demo.test@127.0.0.1:{plain}
  - stapled.demo.test@127.0.0.1:{stapled}
  - connect: strict.demo.test@127.0.0.1:{strict}
    cert: {pki}/client.pem
    key: {pki}/client.key
    cert_chain: {pki}/int.pem
  - connect: old.demo.test@127.0.0.1:{old}
    alpn: http/1.1
""")
        run = self.run_program("-targets", listed, "-report", "csv", "-fields",
                               "all", status=0)
        plain, stapled, strict, old = run.csv()
        for record in (plain, stapled, strict, old):
            self.assertFields(record, status="ok", verified="yes",
                              name_match="yes", attempts="1")
        self.assertFields(plain, alpn="h2", ocsp="none", protocol="TLSv1.3")
        self.assertFields(stapled, alpn="h2", ocsp="good")
        self.assertFields(strict, client_cert_requested="yes")
        self.assertIn("Test Root", strict["client_cas"])
        self.assertFields(old, alpn="http/1.1", protocol="TLSv1.2",
                          cipher="ECDHE-ECDSA-AES128-GCM-SHA256",
                          secure_renegotiation="yes", extended_master_secret="yes")

    def test_plain_http_to_a_tls_port_is_not_our_mistake(self):
        port, = self.nginx("")
        record = self.record(f"a.demo.test@127.0.0.1:{port}", "-alpn", "nonsense",
                             status=1)
        self.assertFields(record, status="failed", code="tls_alert")
