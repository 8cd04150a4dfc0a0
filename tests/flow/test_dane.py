"""TLSA records decide, beside the trusted CAs or instead of them."""

import hashlib
import subprocess

from fleet.case import FlowCase

NO_TRUST = ("-no-CAfile", "-no-CApath", "-no-CAstore")
NOTHING_MATCHES = "3 1 1 " + "00" * 32


class Dane(FlowCase):
    def setUp(self):
        super().setUp()
        self.port = self.s_server()

    def der(self, name, *words):
        """A certificate, or its key, as TLSA records see it."""
        read = ["openssl", "x509", "-in", self.pki / f"{name}.pem"]
        if "key" not in words:
            return subprocess.run([*read, "-outform", "DER"], check=True,
                                  capture_output=True).stdout
        key = subprocess.run([*read, "-noout", "-pubkey"], check=True,
                             capture_output=True).stdout
        return subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"],
                              input=key, check=True, capture_output=True).stdout

    def key_of(self, name, usage=3):
        digest = hashlib.sha256(self.der(name, "key")).hexdigest()
        return f"{usage} 1 1 {digest}"

    def look(self, *records, words=(), domain="a.demo.test", port=None, **how):
        said = [word for record in records
                for word in ("-dane_tlsa_rrdata", record)]
        run = self.run_program(
            "-batch", "-report", "csv", "-fields", "all", "-dane_tlsa_domain",
            domain, *said, *words, f"127.0.0.1:{port or self.port}", **how)
        return run.csv()[0]

    def test_the_servers_own_key_needs_no_ca(self):
        record = self.key_of("server")
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                self.assertFields(
                    self.look(record, words=(*NO_TRUST, version)), status="ok",
                    verified="yes", verify_code="0", name_match="yes",
                    dane=f"{record} matched EE certificate at depth 0")

    def test_without_a_domain_it_is_the_targets_host(self):
        record = self.key_of("server")
        run = self.run_program(
            "-batch", "-report", "csv", "-fields", "all", *NO_TRUST,
            "-dane_tlsa_rrdata", record, f"a.demo.test@127.0.0.1:{self.port}",
            status=0)
        found = run.csv()[0]
        self.assertFields(found, verified="yes", sni="a.demo.test",
                          dane=f"{record} matched EE certificate at depth 0")
        self.assertIn("-dane_tlsa_domain a.demo.test", found["repro"])

    def test_a_whole_certificate(self):
        data = self.der("server").hex()
        self.assertFields(
            self.look(f"3 0 0 {data}", words=NO_TRUST), verified="yes",
            dane=f"3 0 0 {data} matched EE certificate at depth 0")

    def test_a_ca_that_the_server_sends(self):
        record = self.key_of("int", usage=2)
        self.assertFields(
            self.look(record, words=NO_TRUST), verified="yes",
            dane=f"{record} matched TA certificate at depth 1")

    def test_a_key_that_signed(self):
        """The CA's bare key, which need not be sent."""
        key = self.der("int", "key").hex()
        port = self.s_server(chain=False)
        found = self.look(f"2 1 0 {key}", words=NO_TRUST, port=port)
        self.assertFields(
            found, verified="yes",
            dane=f"2 1 0 {key} signed the certificate at depth 0")

    def test_usage_1_wants_the_ca_too(self):
        record = self.key_of("server", usage=1)
        self.assertFields(self.look(record, words=("-CAfile", self.ca)),
                          verified="yes",
                          dane=f"{record} matched EE certificate at depth 0")
        self.assertFields(self.look(record, words=NO_TRUST, status=1),
                          verified="no", dane="none")

    def test_no_record_matches_though_the_ca_is_trusted(self):
        self.assertFields(
            self.look(NOTHING_MATCHES, words=("-CAfile", self.ca), status=1),
            status="ok", verified="no", verify_code="65", dane="none")
        self.assertFields(
            self.look(NOTHING_MATCHES, words=("-CAfile", self.ca,
                                              "-verify_return_error"), status=1),
            status="failed", code="verify_failed", dane="none")

    def test_one_of_several_is_enough(self):
        record = self.key_of("server")
        found = self.look(NOTHING_MATCHES, record, words=NO_TRUST)
        self.assertFields(found, verified="yes",
                          dane=f"{record} matched EE certificate at depth 0")

    def test_the_domain_is_the_server_name(self):
        record = self.key_of("server")
        self.assertEqual(self.look(record)["sni"], "a.demo.test")
        self.assertEqual(self.look(record, words=("-servername", "b.demo.test"))
                         ["sni"], "b.demo.test")

    def test_the_name_is_compared_too(self):
        port = self.s_server(cert="wronghost")
        record = self.key_of("wronghost")
        self.assertFields(self.look(record, port=port, status=1), status="ok",
                          verified="no", verify_code="62", name_match="no")

    def test_unless_it_is_not_to_be(self):
        port = self.s_server(cert="wronghost")
        record = self.key_of("wronghost")
        self.assertFields(
            self.look(record, port=port, status=1,
                      words=("-dane_ee_no_namechecks",)),
            verified="yes", name_match="no", verified_peername="none",
            dane=f"{record} matched EE certificate at depth 0")

    def test_blanks_may_stand_anywhere_in_the_data(self):
        usage, selector, kind, digits = self.key_of("server").split()
        spread = " ".join(digits[i:i + 8].upper() for i in range(0, 64, 8))
        self.assertEqual(
            self.look(f"  {usage}\t{selector} {kind}  {spread} ")["verified"],
            "yes")

    def test_what_cannot_be_used_is_passed_over_with_a_warning(self):
        good = self.key_of("server")
        rows = {"4x 1 1 ab": "bad TLSA field usage: 4x 1 1 ab",
                "3 300 1 ab": "bad TLSA field selector: 3 300 1 ab",
                "3 1 -1 ab": "bad TLSA field mtype: 3 1 -1 ab",
                "3 1 1 abc": "bad TLSA field data: 3 1 1 abc",
                "3 1 1 ab:cd": "bad TLSA field data: 3 1 1 ab:cd",
                "3 1 1 ": "bad TLSA field data: 3 1 1 ",
                "3 1 1 abcd": "unusable TLSA record",
                "3 0 0 abcd": "unusable TLSA record",
                "3 1 9 abcd": "unusable TLSA record"}
        for bad, warning in rows.items():
            with self.subTest(bad):
                found = self.look(bad, good, words=NO_TRUST)
                self.assertEqual(found["verified"], "yes")
                self.assertIn(f"-dane_tlsa_rrdata': {warning}",
                              found["warnings"])

    def test_nothing_usable_is_told_before_anything_is_connected(self):
        listener = self.listener()
        run = self.run_program(
            "-batch", "-dane_tlsa_domain", "a.demo.test", "-dane_tlsa_rrdata",
            "nonsense", f"127.0.0.1:{listener.port}", status=2)
        self.assertSentence(run, "-dane_tlsa_rrdata", "nonsense", "usage")
        self.assertFalse(listener.was_called())

    def test_one_without_the_other(self):
        for words, missing in ((("-dane_tlsa_domain", "a.example"),
                                "-dane_tlsa_rrdata"),
                               (("-dane_tlsa_rrdata", NOTHING_MATCHES),
                                "-dane_tlsa_domain")):
            run = self.run_program("-batch", *words, "127.0.0.1:1", status=2)
            self.assertSentence(run, missing)

    def test_without_dane_nobody_asked(self):
        self.assertFields(self.record("-fields", "all",
                                      f"a.demo.test@127.0.0.1:{self.port}"),
                          dane="not_asked")

    def test_the_full_report_has_s_clients_line(self):
        run = self.run_program(
            "-batch", "-report", "full", "-dane_tlsa_domain", "a.demo.test",
            "-dane_tlsa_rrdata", self.key_of("server"),
            f"127.0.0.1:{self.port}", status=0)
        theirs = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}",
             "-dane_tlsa_domain", "a.demo.test", "-dane_tlsa_rrdata",
             self.key_of("server")],
            input=b"", capture_output=True, check=False).stdout.decode()
        lines = [line for line in theirs.splitlines() if "DANE TLSA" in line]
        self.assertEqual(len(lines), 1)
        self.assertIn(f"\n{lines[0]}\n", run.out)

    def test_targets_have_their_own_records(self):
        ports = {cert: self.s_server(cert=cert)
                 for cert in ("server", "rsa", "expired")}
        entries = [(cert, other) for cert in ports for other in ports]
        listed = self.file("dane.yaml", "targets:\n" + "".join(
            f"  - connect: 127.0.0.1:{ports[cert]}\n"
            f"    dane_tlsa_domain: a.demo.test\n"
            f"    dane_tlsa_rrdata: [\"{self.key_of(other)}\"]\n"
            for cert, other in entries))
        run = self.run_program("-targets", listed, "-report", "csv", "-fields",
                               "verified,dane", status=1)
        self.assertEqual(
            [(r["verified"], r["dane"].split(" matched")[0]) for r in run.csv()],
            [("yes", self.key_of(other)) if cert == other else ("no", "none")
             for cert, other in entries])
