"""What OpenSSL 3.1 to 3.5 added: it works when the program is linked with such
a library, and is refused by name when it is not."""

import re
import socket
import subprocess
import threading
import unittest

from fleet import program
from fleet.case import FlowCase
from fleet.place import SLOW
from fleet.servers import quicd

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
    (("-alpn", "h3", "-quic"), (3, 5), "OpenSSL 3.5"),
    (("-provider", "default", "-provparam", "a=b"), (3, 5), "OpenSSL 3.5"),
)


def openssl():
    said = subprocess.run(["openssl", "version"], check=True, text=True,
                          capture_output=True).stdout
    return tuple(map(int, re.findall(r"\d+", said)[:2]))


VERSION = program.linked()


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
        self.assertFields(self.look("-tfo", "127.0.0.1:1"),
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


@unittest.skipIf(min(VERSION, openssl()) < (3, 5), "needs OpenSSL 3.5")
class Quic(FlowCase):
    """A server that sends back what it reads."""

    def setUp(self):
        super().setUp()
        self.port = self.stack.enter_context(quicd("server", "h3"))

    def words(self, *words, port=None):
        return ("-quic", "-alpn", "h3", *words,
                f"127.0.0.1:{port or self.port}")

    def look(self, *words, port=None, **how):
        return self.record("-fields", "all", *self.words(*words, port=port), **how)

    def test_a_handshake_is_told_as_any_other(self):
        self.assertFields(
            self.look(status=0), status="ok", verified="yes", name_match="yes",
            protocol="QUICv1", cipher="TLS_AES_256_GCM_SHA384", alpn="h3",
            group="X25519MLKEM768", resumed="no", bytes_read="",
            secure_renegotiation="not_asked", warnings="none")

    def test_who_is_not_trusted_is_told_or_refused(self):
        self.assertFields(self.look(*NO_TRUST[1:], "-verifyCAfile",
                                    self.pki / "client.pem", status=1),
                          status="ok", verified="no")
        self.assertFields(self.look("-verifyCAfile", self.pki / "client.pem",
                                    "-verify_return_error", status=1),
                          status="failed", stage="verify", code="verify_failed")

    def test_an_alert_has_its_name(self):
        record = self.look("-alpn", "none-such", status=1)
        self.assertFields(record, status="failed", stage="handshake",
                          code="tls_alert", tls_alert="no application protocol")

    def test_nobody_is_there(self):
        self.assertFields(self.look(port=1, status=1), status="failed",
                          stage="connect", code="connect_refused")

    def test_a_server_that_stays_silent_costs_its_time_and_no_more(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            record = self.look("-handshake_timeout", "1.5", "-retries", "0",
                               port=silent.getsockname()[1], status=1)
        self.assertFields(record, status="timeout", stage="handshake",
                          code="timeout")

    def test_what_is_no_quic_is_passed_over(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as odd:
            odd.bind(("127.0.0.1", 0))
            odd.settimeout(60 * SLOW)

            def answer():
                where = odd.recvfrom(65536)[1]
                for text in (b"", b"\x00", b"\xc0" * 1200, bytes(range(256))):
                    odd.sendto(text, where)

            thread = threading.Thread(target=answer)
            thread.start()
            record = self.look("-handshake_timeout", "1.5", "-retries", "0",
                               port=odd.getsockname()[1], status=1)
            thread.join()
        self.assertFields(record, status="timeout", stage="handshake")

    def test_certificates_of_ours_to_choose_from(self):
        self.assertFields(self.look("-xcert", self.pki / "client.pem", "-xkey",
                                    self.pki / "client.key"), status="ok",
                          client_cert_requested="yes")

    def test_a_question_and_its_answer(self):
        question = self.file("question", "who is there")
        self.assertFields(self.look("-input", question), status="ok",
                          response="who is there")

    def test_sessions_are_resumed(self):
        path = self.folder / "session.pem"
        self.assertFields(self.look("-sess_out", path), status="ok", resumed="no")
        self.assertFields(self.look("-sess_in", path), status="ok", resumed="yes")
        self.assertFields(self.look("-reconnect"), status="ok",
                          resumptions="new; " + "; ".join(["reused"] * 5))

    def test_many_targets_at_once(self):
        path = self.file("list.yaml", "defaults: { quic: true, alpn: h3 }\n"
                         "targets:\n" + f" - 127.0.0.1:{self.port}\n" * 20)
        found = self.records("-targets", path, "-workers", "20", status=0)
        self.assertEqual([r["protocol"] for r in found], ["QUICv1"] * 20)

    def test_a_session_is_that_of_s_client(self):
        words = self.words("-CAfile", self.ca)
        said = []
        for command in ([program.PROGRAM, "-interactive"],
                        ["openssl", "s_client"]):
            done = subprocess.run(
                [*command, *map(str, words)], input="hello\n", text=True,
                capture_output=True, timeout=60 * SLOW)
            lines = re.sub(r"(?m)^    Start Time: .*", "", done.stdout)
            self.assertEqual(done.returncode, 0, done.stderr)
            said.append((lines.replace("hello\n", ""), done.stderr))
        self.assertIn("Protocol: QUICv1\n", said[0][0])
        self.assertEqual(*said)

    def test_the_answer_to_the_last_words_is_shown(self):
        run = self.run_program("-interactive", *self.words("-brief"),
                               stdin="hello\n", status=0)
        self.assertEqual(run.out, "hello\n")

    def test_a_session_tells_of_its_states(self):
        run = self.run_program("-interactive", *self.words("-state"),
                               stdin="hello\n", status=0)
        self.assertIn("SSL_connect:TLSv1.3 read encrypted extensions\n", run.err)

    def test_what_cannot_be_together_says_so(self):
        for words in (("-proxy", "a:1"), ("-starttls", "smtp"), ("-tfo",),
                      ("-tls1_3",)):
            with self.subTest(words):
                run = self.run_program("-batch", *self.words(*words), status=2)
                self.assertSentence(run, "-quic", words[0])


if __name__ == "__main__":
    unittest.main()
