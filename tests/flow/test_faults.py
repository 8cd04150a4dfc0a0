"""Each planted fault is one record that says what it is."""

from fleet.case import FlowCase


class Certificates(FlowCase):
    """The handshake is done; the certificate is at fault."""

    def expect(self, name, cert, chain=True, options=(), words=(), **fields):
        port = self.s_server(*options, cert=cert, chain=chain)
        record = self.record(f"{name}@127.0.0.1:{port}", *words)
        self.assertFields(record, status="ok", stage="done", code="none",
                          error="none", **fields)
        return record

    def test_a_good_server(self):
        record = self.expect(
            "server.demo.test", "server", verified="yes",
            name_match="yes", verify_code="0", verify_error="ok",
            protocol="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384",
            key_type="EC", key_bits="256", chain_length="2",
            sni="server.demo.test", host="server.demo.test",
            address="127.0.0.1", starttls="none", profile="none",
            resumed="no", not_after="2049-12-31T23:59:59Z",
            not_before="2020-01-01T00:00:00Z", attempts="1", index="1")
        self.assertIn("server.demo.test", record["subject"])
        self.assertIn("Test Intermediate", record["issuer"])
        self.assertIn("DNS:*.demo.test", record["san"])
        self.assertRegex(record["sha256"], "^[0-9a-f]{64}$")
        self.assertRegex(record["serial"], "^[0-9A-F]+$")
        self.assertRegex(record["ms_total"], r"^\d+(\.\d+)?$")

    def test_an_rsa_key(self):
        self.expect("rsa.demo.test", "rsa", verified="yes", name_match="yes",
                    key_type="RSA", key_bits="2048")

    def test_an_expired_certificate(self):
        record = self.expect(
            "expired.demo.test", "expired", verified="no", name_match="yes",
            verify_code="10", verify_error="certificate has expired")
        self.assertLess(int(record["days_left"]), 0)

    def test_a_certificate_that_is_not_yet_valid(self):
        self.expect("notyet.demo.test", "notyet", verified="no",
                    name_match="yes", verify_code="9",
                    verify_error="certificate is not yet valid")

    def test_a_wrong_host_is_seen_without_being_asked_for(self):
        self.expect("wronghost.demo.test", "wronghost", verified="yes",
                    name_match="no", verify_code="0")

    def test_a_self_signed_certificate(self):
        self.expect("selfsigned.demo.test", "selfsigned", verified="no",
                    name_match="yes", verify_code="18", chain_length="1")

    def test_a_missing_intermediate(self):
        self.expect("server.demo.test", "server", chain=False, verified="no",
                    name_match="yes", verify_code="21", chain_length="1")

    def test_a_weak_key(self):
        self.expect("weak.demo.test", "weak",
                    options=["-cipher", "ALL:@SECLEVEL=0"], verified="no",
                    name_match="yes", verify_code="66", key_bits="1024")

    def test_an_unknown_root(self):
        port = self.s_server()
        run = self.run_program("-batch", "-report", "csv", "-CAfile",
                               self.pki / "selfsigned.pem",
                               f"server.demo.test@127.0.0.1:{port}", status=1)
        self.assertFields(run.csv()[0], status="ok", verified="no",
                          name_match="yes", verify_code="20")


class Handshakes(FlowCase):
    """What a server allows and what not."""

    def test_only_tls_1_2(self):
        port = self.s_server("-tls1_2")
        self.assertFields(
            self.record(f"a.demo.test@127.0.0.1:{port}"), status="ok",
            protocol="TLSv1.2", cipher="ECDHE-ECDSA-AES256-GCM-SHA384",
            verified="yes", name_match="yes")

    def test_no_common_version_is_an_alert(self):
        port = self.s_server("-tls1_2")
        record = self.record("-tls1_3", "-fields", "all",
                             f"a.demo.test@127.0.0.1:{port}", status=1)
        self.assertFields(record, status="failed", stage="handshake",
                          code="tls_alert")
        self.assertIn("protocol", record["tls_alert"])
        self.assertIn("version", record["error"])

    def test_every_alert_has_its_name(self):
        port = self.peers("alert")["alert"]
        # RFC 8446 section 6: the last byte of the address is the alert.
        names = {40: "handshake", 42: "certificate", 70: "version",
                 80: "internal", 112: "name"}
        found = self.records(
            "-fields", "default,tls_alert", "-retries", "0",
            *(f"127.0.0.{n}:{port}" for n in names), status=1)
        for record, part in zip(found, names.values()):
            self.assertFields(record, status="failed", stage="handshake",
                              code="tls_alert")
            self.assertIn(part, record["tls_alert"].lower())

    def test_a_client_certificate_is_required(self):
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                port = self.s_server(version, "-Verify", "1", "-CAfile",
                                     self.ca, "-verify_return_error")
                record = self.record("-fields", "all",
                                     f"a.demo.test@127.0.0.1:{port}", status=1)
                self.assertFields(record, status="failed",
                                  code="client_cert_required",
                                  client_cert_requested="yes")

    def test_a_client_certificate_is_only_wished_for(self):
        port = self.s_server("-verify", "1", "-CAfile", self.ca)
        record = self.record("-fields", "all", f"a.demo.test@127.0.0.1:{port}",
                             status=0)
        self.assertFields(record, status="ok", client_cert_requested="yes",
                          verified="yes")


class NoTls(FlowCase):
    """Peers that speak no TLS."""

    ROWS = (
        # kind, status, stage, codes
        ("http", "failed", "handshake", ("not_tls",)),
        ("garbage", "failed", "handshake", ("not_tls", "tls_protocol")),
        ("endless", "failed", "handshake", ("not_tls",)),
        ("close", "failed", "handshake", ("closed",)),
        ("reset", "failed", "handshake", ("reset",)),
        ("ccs", "failed", "handshake", ("tls_protocol",)),
        ("warnings", "failed", "handshake", ("tls_protocol", "tls_alert")),
    )

    def test_each_is_told_from_the_others(self):
        ports = self.peers(*(row[0] for row in self.ROWS))
        found = self.records(
            "-retries", "0", "-deadline", "10",
            *(f"127.0.0.1:{ports[row[0]]}" for row in self.ROWS), status=1)
        for record, (kind, status, stage, codes) in zip(found, self.ROWS):
            with self.subTest(kind):
                self.assertFields(record, status=status, stage=stage)
                self.assertIn(record["code"], codes, record)
                self.assertNotEqual(record["error"], "")
                self.assertFields(record, verified="", cipher="")

    def test_nothing_listens(self):
        record = self.record("127.0.0.1:1", status=1)
        self.assertFields(record, status="failed", stage="connect",
                          code="connect_refused", address="127.0.0.1")

    def test_a_passing_failure_is_tried_again(self):
        port = self.peers("close")["close"]
        record = self.record("-retries", "2", f"127.0.0.1:{port}", status=1)
        self.assertFields(record, code="closed", attempts="3")

    def test_a_server_that_floods_after_the_handshake(self):
        ports = self.peers("flood", "tickets")
        found = self.records("-fields", "all", "-deadline", "5",
                             *(f"a.demo.test@127.0.0.1:{port}"
                               for port in ports.values()))
        for record in found:
            self.assertFields(record, status="ok", verified="yes")
            self.assertLess(int(record["bytes_read"]), 1.2 * 2**20)


class Addresses(FlowCase):
    """How a target may be written."""

    def test_every_way_of_writing_one(self):
        port = self.s_server()
        found = self.records(
            "-servername", "a.demo.test",
            f"127.0.0.1:{port}", f"localhost@127.0.0.1:{port}",
            f"https://127.0.0.1:{port}", f"localhost:{port}", "-4", status=0)
        self.assertEqual([r["host"] for r in found],
                         ["127.0.0.1", "localhost", "127.0.0.1", "localhost"])
        self.assertEqual({r["address"] for r in found}, {"127.0.0.1"})
        self.assertEqual({r["port"] for r in found}, {str(port)})
        self.assertEqual({r["sni"] for r in found}, {"a.demo.test"})

    def test_connect_host_and_port_name_one_target(self):
        port = self.s_server()
        for words in (("-connect", f"127.0.0.1:{port}"),
                      ("-host", "127.0.0.1", "-port", port)):
            with self.subTest(words[0]):
                self.assertFields(
                    self.record("-servername", "a.demo.test", *words),
                    status="ok", host="127.0.0.1", port=str(port),
                    name_match="yes", sni="a.demo.test")

    def test_noservername_sends_none(self):
        port = self.s_server()
        self.assertFields(
            self.record("-noservername", f"localhost@127.0.0.1:{port}"),
            status="ok", sni="none", name_match="yes")

    def test_an_address_gets_no_server_name(self):
        port = self.s_server()
        self.assertFields(self.record(f"127.0.0.1:{port}"), status="ok",
                          sni="none", name_match="yes", verified="yes")

    def test_a_unix_socket(self):
        path = self.s_server(unix=self.folder / "socket")
        self.assertFields(
            self.record("-unix", path, "-servername", "a.demo.test"),
            status="ok", verified="yes", name_match="yes")

    def test_a_unix_socket_is_reached_without_the_proxy_of_the_others(self):
        path = self.s_server(unix=self.folder / "socket")
        self.assertFields(
            self.record("-proxy", "127.0.0.1:1", f"unix:{path}"),
            status="ok", verified="yes")

    def test_bind_chooses_our_own_address(self):
        port = self.s_server()
        record = self.record("-fields", "all", "-bind", "127.3.2.1",
                             f"a.demo.test@127.0.0.1:{port}", status=0)
        self.assertTrue(record["source_address"].startswith("127.3.2.1:"))

    def test_bind_to_a_foreign_address_is_no_fault_of_the_server(self):
        port = self.s_server()
        self.assertFields(
            self.record("-bind", "192.0.2.1", f"127.0.0.1:{port}", status=1),
            status="config", code="bind_failed", stage="connect")
        self.assertFields(
            self.record("-bind", "nowhere.invalid", f"127.0.0.1:{port}",
                        status=1),
            status="config", code="bind_failed", stage="resolve")
        self.assertFields(
            self.record("-bind", "127.0.0.1:no-such-service",
                        f"127.0.0.1:{port}", status=1),
            status="config", code="bind_failed", stage="resolve")

    def test_where_nothing_is_trusted_the_record_says_so(self):
        target = f"a.demo.test@127.0.0.1:{self.s_server()}"
        gone = str(self.folder / "gone")
        bare = {"SSL_CERT_FILE": gone, "SSL_CERT_DIR": gone}
        other = self.pki / "server.pem"
        for words, env, said in (((), bare, True),
                                 (("-verify_return_error",), bare, True),
                                 (("-CAfile", other), None, False),
                                 (("-dane_tlsa_domain", "a.demo.test",
                                   "-dane_tlsa_rrdata", "3 1 1 " + 64 * "0"),
                                  bare, False),
                                 (("-CAfile", self.ca), bare, False)):
            with self.subTest(words):
                record = self.run_program("-batch", "-report", "csv",
                                          "-fields", "all", *words, target,
                                          env=env).csv()[0]
                self.assertEqual("no trusted certificate was at hand"
                                 in record["warnings"], said, record)

    def test_an_end_of_ours_that_cannot_be_is_told_before_anything_is_done(self):
        for words in (("-bind", "127.0.0.1:99999"), ("-proxy", "p:99999"),
                      ("-proxy", ":3128"), ("-proxy", "")):
            with self.subTest(words):
                run = self.run_program("-batch", *words, "127.0.0.1:1",
                                       status=2)
                self.assertSentence(run, words[0], f"'{words[1]}'")

    def test_what_is_wrong_with_the_proxy_is_not_said_of_the_target(self):
        for proxy, status, code, says in (
                ("127.0.0.1:1", "failed", "connect_refused", "127.0.0.1:1"),
                ("nowhere.invalid:1", "failed", "name_unknown", "nowhere"),
                ("127.0.0.1:no-such-service", "config", "usage", "no-such")):
            with self.subTest(proxy):
                record = self.record("-proxy", proxy, "127.0.0.1:443",
                                     status=1)
                self.assertFields(record, status=status, code=code)
                self.assertTrue(record["error"].startswith("the proxy: "))
                self.assertIn(says, record["error"])
