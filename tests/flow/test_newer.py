"""What OpenSSL 3.1 to 3.5 added: it works when the program is linked with such
a library, and is refused by name when it is not."""

import re
import subprocess
import unittest

from fleet import program
from fleet.case import FlowCase

NO_TRUST = ("-no-CAfile", "-no-CApath", "-no-CAstore")
NONE = dict.fromkeys(("subject", "issuer", "san", "serial", "not_before",
                      "not_after", "days_left", "cert_signature", "sha256",
                      "chain", "name_match"), "none")
# Each option, the version that brought it, and what the refusal names.
GATED = (
    (("-adv",), (3, 2), "OpenSSL 3.2"),
    (("-no-interactive",), (3, 5), "OpenSSL 3.5"),
    (("-enable_server_rpk",), (3, 2), "OpenSSL 3.2"),
    (("-enable_client_rpk",), (3, 2), "OpenSSL 3.2"),
    (("-no_tx_cert_comp",), (3, 2), "OpenSSL 3.2"),
    (("-no_rx_cert_comp",), (3, 2), "OpenSSL 3.2"),
    (("-prefer_no_dhe_kex",), (3, 3), "OpenSSL 3.3"),
    (("-no_ems",), (3, 5), "OpenSSL 3.5"),
    (("-provider", "default", "-provparam", "a=b"), (3, 5), "OpenSSL 3.5"),
)


def linked():
    """The version of the OpenSSL that the program is linked with: it takes the
    headers and the library of one."""
    said = re.findall(r"with OpenSSL (\d+)\.(\d+)", program.run("-version").out)
    return min((int(a), int(b)) for a, b in said)


def openssl():
    said = subprocess.run(["openssl", "version"], check=True, text=True,
                          capture_output=True).stdout
    return tuple(map(int, re.findall(r"\d+", said)[:2]))


VERSION = linked()


class Gate(FlowCase):
    def test_an_option_works_or_names_the_version_it_needs(self):
        for words, needs, names in GATED:
            with self.subTest(words):
                run = self.run_program("-batch", "-dry_run", *words, "a.example",
                                       status=0 if VERSION >= needs else 2)
                if VERSION < needs:
                    option = [word for word in words if word[0] == "-"][-1]
                    self.assertSentence(run, option, names)

    def test_a_session_says_what_an_older_s_client_says(self):
        if VERSION >= (3, 2):
            self.skipTest("linked with OpenSSL 3.2 or newer")
        run = self.run_program("-enable_server_rpk", "a.example", status=1)
        self.assertIn("s_client: Unknown option: -enable_server_rpk", run.err)

    def test_the_program_tells_what_is_not_there(self):
        about = self.run_program("-version", status=0).out
        self.assertEqual("raw public keys" in about, VERSION < (3, 2), about)


class Network(FlowCase):
    """These ask the kernel, and work with any OpenSSL."""

    def look(self, *words, **how):
        return self.record("-fields", "all", *words, **how)

    def test_kernel_tls_is_told_as_it_is(self):
        target = f"127.0.0.1:{self.s_server()}"
        self.assertFields(self.look(target), ktls="not_asked")
        record = self.look("-ktls", target)
        self.assertFields(record, status="ok")
        self.assertIn(record["ktls"], ("none", "sending", "receiving", "both"))

    def test_fast_open_connects_whatever_the_kernel_makes_of_it(self):
        target = f"127.0.0.1:{self.s_server()}"
        self.assertFields(self.look(target), tcp_fast_open="not_asked")
        for _ in range(2):  # with a cookie of before, should there be one
            record = self.look("-tfo", target)
            self.assertFields(record, status="ok", verified="yes")
            self.assertIn(record["tcp_fast_open"], ("yes", "no"))

    def test_nobody_listens_and_fast_open_says_so(self):
        listener = self.listener()
        port = listener.port
        listener.close()
        self.assertFields(self.look("-tfo", f"127.0.0.1:{port}"),
                          status="failed", stage="connect",
                          code="connect_refused")


@unittest.skipIf(min(VERSION, openssl()) < (3, 2), "needs OpenSSL 3.2")
class RawKeys(FlowCase):
    """RFC 7250."""

    def setUp(self):
        super().setUp()
        self.pin = self.key_of("server")

    def key_of(self, name):
        der = subprocess.run(["openssl", "pkey", "-pubout", "-outform", "DER",
                              "-in", self.pki / f"{name}.key"], check=True,
                             capture_output=True).stdout
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-r"], input=der,
                                check=True, capture_output=True).stdout
        return digest.split()[0].decode()

    def look(self, port, *words, **how):
        return self.record("-fields", "all", "-enable_server_rpk", *words,
                           f"127.0.0.1:{port}", **how)

    def test_the_record_tells_of_the_key_and_of_no_certificate(self):
        port = self.s_server("-enable_server_rpk")
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                record = self.look(port, version, status=1)
                self.assertFields(record, status="ok", raw_key=self.pin,
                                  key_type="EC", key_bits="256", verified="no",
                                  verify_code="95", chain_length="0", **NONE)

    def test_only_a_tlsa_record_makes_it_trusted(self):
        port = self.s_server("-enable_server_rpk")
        dane = ("-dane_tlsa_domain", "a.demo.test", "-dane_tlsa_rrdata")
        good = self.look(port, *NO_TRUST, *dane, f"3 1 1 {self.pin}", status=0)
        self.assertFields(good, verified="yes", verify_code="0",
                          dane=f"3 1 1 {self.pin} matched raw public key")
        bad = self.look(port, *dane, "3 1 1 " + "00" * 32, status=1)
        self.assertFields(bad, status="ok", verified="no", dane="none")
        ended = self.look(port, *dane, "3 1 1 " + "00" * 32,
                          "-verify_return_error", status=1)
        self.assertFields(ended, status="failed", stage="verify",
                          code="verify_failed", raw_key=self.pin)

    def test_a_server_without_one_shows_its_certificate(self):
        record = self.look(self.s_server(), status=0)
        self.assertFields(record, raw_key="none", verified="yes",
                          name_match="yes")
        plain = self.record("-fields", "all", f"127.0.0.1:{self.s_server()}")
        self.assertFields(plain, raw_key="not_asked")

    def test_a_resumed_session_is_judged_again(self):
        port = self.s_server("-enable_server_rpk")
        path = self.folder / "session.pem"
        dane = ("-dane_tlsa_domain", "a.demo.test", "-dane_tlsa_rrdata")
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                self.look(port, version, *dane, f"3 1 1 {self.pin}",
                          "-sess_out", path, status=0)
                trusted = self.look(port, version, *dane, f"3 1 1 {self.pin}",
                                    "-sess_in", path, status=0)
                self.assertFields(trusted, resumed="yes", verified="yes",
                                  raw_key=self.pin, **NONE)
                self.look(port, version, *dane, f"3 1 1 {self.pin}",
                          "-sess_out", path, status=0)
                other = self.look(port, version, "-sess_in", path, status=1)
                self.assertFields(other, resumed="yes", verified="no")
                path.unlink()

    def test_our_own_key_goes_instead_of_our_certificate(self):
        port = self.s_server("-enable_client_rpk", "-Verify", "1")
        pair = ("-cert", self.pki / "client.pem", "-key", self.pki / "client.key")
        run = self.run_program("-batch", "-report", "full", "-CAfile", self.ca,
                               "-enable_client_rpk", *pair,
                               f"127.0.0.1:{port}", status=0)
        self.assertIn("Client-to-server raw public key negotiated", run.out)

    def test_profiles_and_targets_of_a_list_say_it_too(self):
        port = self.s_server("-enable_server_rpk")
        path = self.file("list.yaml",
                         "profiles: { bare: { enable_server_rpk: true } }\n"
                         "targets:\n"
                         f" - {{ connect: '127.0.0.1:{port}', profiles: [bare] }}\n"
                         f" - '127.0.0.1:{port}'\n")
        found = self.records("-targets", path, "-fields", "status,raw_key",
                             "-fail_on", "none", status=0)
        self.assertEqual([record["raw_key"] for record in found],
                         [self.pin, "not_asked"])


@unittest.skipIf(min(VERSION, openssl()) < (3, 5), "needs OpenSSL 3.5")
class Since35(FlowCase):
    def look(self, *words, **how):
        return self.record("-fields", "all", *words,
                           f"127.0.0.1:{self.s_server()}", **how)

    def test_hybrid_groups_are_named(self):
        for group in ("X25519MLKEM768", "SecP256r1MLKEM768"):
            with self.subTest(group):
                port = self.s_server("-groups", group)
                record = self.record("-fields", "all", "-groups", group,
                                     f"127.0.0.1:{port}")
                self.assertFields(record, status="ok", group=group,
                                  temp_key_bits="none")
        self.assertFields(self.look(), group="X25519MLKEM768")

    def test_no_extended_master_secret(self):
        self.assertFields(self.look("-tls1_2"), extended_master_secret="yes")
        self.assertFields(self.look("-tls1_2", "-no_ems"),
                          extended_master_secret="no")


if __name__ == "__main__":
    unittest.main()
