"""What few clients say in their hello, as the peer hears it."""

import base64
import contextlib
import re
import socket
import struct
import threading

from fleet.case import FlowCase
from fleet.heard import heard

LONG_LIST = ",".join(f"protocol-{n:03}" for n in range(60))


@contextlib.contextmanager
def hangs_up_after_hello():
    """A peer that reads a ClientHello and goes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            peer = listener.accept()[0]
            peer.recv(65536)
            peer.close()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


class Offers(FlowCase):
    """What only the peer can see."""

    def hear(self, *words, server=(), status=0):
        with heard("-tlsextdebug", *server) as peer:
            self.run_program("-batch", *words, "-fail_on", "failed",
                             f"127.0.0.1:{peer.port}", status=status)
            return peer.text()

    def test_extensions(self):
        rows = (
            (("-maxfraglen", "1024"), '"max fragment length" (id=1), len=1\n'
                                      "0000 - 02 "),
            (("-enable_pha",), '"post handshake auth" (id=49), len=0'),
            (("-requestCAfile", self.pki / "both.pem"),
             '"certificate authorities" (id=47)'),
            (("-nextprotoneg", "a"), '"next protocol" (id=13172), len=0'),
            (("-psk", "abcd"), '"psk" (id=41)'),
        )
        for words, line in rows:
            with self.subTest(words):
                self.assertIn(line, self.hear(*words))
                self.assertNotIn(line, self.hear())

    def test_srtp_is_for_datagrams_and_offered_all_the_same(self):
        """As s_client does: OpenSSL's server takes offence."""
        text = self.hear("-use_srtp", "SRTP_AES128_CM_SHA1_80", status=1)
        self.assertIn("bad extension", text)

    def test_the_names_of_the_cas(self):
        text = self.hear("-requestCAfile", self.pki / "both.pem")
        dump = text[text.index('"certificate authorities"'):]
        self.assertIn("Test Root", re.sub(r"\n[^\n]*   ", "", dump[:1000]))

    def test_a_hello_in_small_records(self):
        def first_record(*words):
            with heard("-msg") as peer:
                self.run_program("-batch", "-alpn", LONG_LIST, *words,
                                 f"a.demo.test@127.0.0.1:{peer.port}")
                text = peer.text()
            header = re.search(r"<<< .*RecordHeader.*\n +16 03 01 (..) (..)", text)
            return int("".join(header.groups()), 16)
        self.assertEqual(first_record("-max_send_frag", "512"), 512)
        self.assertGreater(first_record(), 800)


class Answers(FlowCase):
    """What comes of it, in the record."""

    def look(self, port, *words, **how):
        return self.record("-fields", "all", *words,
                           f"a.demo.test@127.0.0.1:{port}", **how)

    def full(self, port, *words, status=None):
        return self.run_program("-batch", "-report", "full", "-CAfile", self.ca,
                                *words, f"a.demo.test@127.0.0.1:{port}",
                                status=status).out

    def test_next_protocols(self):
        port = self.s_server("-nextprotoneg", "one,two")
        for words, npn in ((("two,one",), "one"), (("three,four",),
                                                   "three (no overlap)")):
            self.assertFields(
                self.look(port, "-tls1_2", "-nextprotoneg", *words), npn=npn)
        self.assertFields(self.look(port, "-nextprotoneg", "one"), npn="none",
                          protocol="TLSv1.3")
        self.assertFields(self.look(port), npn="not_asked")
        self.assertFields(self.look(self.s_server(), "-tls1_2", "-nextprotoneg",
                                    "one"), npn="none")

    def test_next_protocols_in_s_clients_words(self):
        port = self.s_server("-nextprotoneg", "one,t\x1bwo")
        text = self.full(port, "-tls1_2", "-nextprotoneg", "one")
        self.assertIn("Protocols advertised by server: one, t\\x1Bwo\n", text)
        self.assertIn("Next protocol: (1) one\nNo ALPN negotiated\n", text)
        text = self.full(port, "-tls1_2", "-nextprotoneg", "mine")
        self.assertIn("Next protocol: (2) mine\n", text)
        self.assertNotIn("Next protocol", self.full(port, "-tls1_2"))

    def info_file(self, number, body):
        block = base64.b64encode(struct.pack(">HH", number, len(body)) + body)
        return self.file(f"info{number}.pem",
                         "-----BEGIN SERVERINFO FOR TEST-----\n"
                         f"{block.decode()}\n"
                         "-----END SERVERINFO FOR TEST-----\n")

    def test_server_info(self):
        port = self.s_server("-serverinfo", self.info_file(4660, b"\0\xffhello"))
        words = ("-serverinfo", "4660,4661")
        self.assertFields(self.look(port, "-tls1_2", *words),
                          serverinfo="4660:00ff68656c6c6f")
        self.assertFields(self.look(port, "-tls1_3", *words), serverinfo="none")
        self.assertFields(self.look(port, "-tls1_2"), serverinfo="not_asked")
        block = base64.b64encode(struct.pack(">HH", 4660, 7) + b"\0\xffhello")
        self.assertIn("-----BEGIN SERVERINFO FOR EXTENSION 4660-----\n"
                      f"{block.decode()}\n"
                      "-----END SERVERINFO FOR EXTENSION 4660-----\n",
                      self.full(port, "-tls1_2", *words))

    def test_extensions_that_cannot_be_sent_are_warnings(self):
        port = self.s_server()
        record = self.look(port, "-serverinfo", "0,4660,4660")
        self.assertIn("extension 0 is not sent", record["warnings"])
        self.assertIn("extension 4660 is not sent", record["warnings"])
        many = ",".join(str(n) for n in range(5000, 5101))
        self.assertIn("only the first 100 extensions",
                      self.look(port, "-serverinfo", many)["warnings"])

    def test_srtp_profiles(self):
        ours = "SRTP_AES128_CM_SHA1_32:SRTP_AEAD_AES_128_GCM"
        profile = "SRTP_AEAD_AES_128_GCM"
        with heard("-dtls", "-use_srtp", profile) as peer:
            self.assertFields(
                self.look(peer.port, "-dtls", "-use_srtp", ours), srtp=profile)
            self.assertIn(f"SRTP Extension negotiated, profile={profile}\n",
                          self.full(peer.port, "-dtls", "-use_srtp", ours))
            self.assertFields(self.look(peer.port, "-dtls"), srtp="not_asked")
        with heard("-dtls") as peer:
            self.assertFields(
                self.look(peer.port, "-dtls", "-use_srtp", ours), srtp="none")

    def test_a_retry_at_a_lower_version_is_found_out(self):
        port = self.s_server()
        self.assertFields(
            self.look(port, "-fallback_scsv", "-tls1_2", status=1),
            status="failed", tls_alert="inappropriate fallback")
        self.assertFields(self.look(port, "-fallback_scsv"), status="ok")

    def test_sizes_do_no_harm(self):
        port = self.s_server(cert="rsa")
        for words in (("-maxfraglen", "512"), ("-max_send_frag", "512"),
                      ("-max_send_frag", "600", "-split_send_frag", "600"),
                      ("-max_pipelines", "4"), ("-read_buf", "65536"),
                      ("-max_pipelines", "2", "-read_buf", "1048576")):
            for version in ("-tls1_2", "-tls1_3"):
                with self.subTest((*words, version)):
                    self.assertFields(self.look(port, *words, version),
                                      status="ok", verified="yes")

    def test_an_end_without_goodbye_during_the_handshake_is_a_failure(self):
        for words in ((), ("-ignore_unexpected_eof",)):
            with self.subTest(words), contextlib.ExitStack() as stack:
                port = stack.enter_context(hangs_up_after_hello())
                self.assertFields(
                    self.look(port, "-retries", "0", *words, status=1),
                    status="failed", stage="handshake", code="closed")

    def test_what_cannot_be_used_is_told(self):
        rows = (
            (("-maxfraglen", "1000"), "512"),
            (("-max_send_frag", "511"), "512"),
            (("-split_send_frag", "513", "-max_send_frag", "512"), "513"),
            (("-max_pipelines", "33"), "32"),
            (("-read_buf", "1048577"), "1048576"),
            (("-requestCAfile", "/nowhere"), "/nowhere"),
            (("-requestCAfile", __file__), __file__),
            (("-use_srtp", "NO_SUCH"), "NO_SUCH"),
            (("-nextprotoneg", ","), "commas"),
            (("-nextprotoneg", "n" * 256), "255"),
            (("-serverinfo", "70000"), "65535"),
            (("-keymatexport", "x", "-keymatexportlen", "0"), "1"),
        )
        for words, part in rows:
            with self.subTest(words):
                run = self.run_program("-batch", *words, "127.0.0.1:1", status=2)
                self.assertSentence(run, words[0], part)


class KeyingMaterial(FlowCase):
    WORDS = ("-keymatexport", "EXPORTER-test", "-keymatexportlen", "37")

    def test_both_ends_have_the_same(self):
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version), heard(*self.WORDS) as peer:
                run = self.run_program("-batch", "-report", "jsonl", "-fields",
                                       "keying_material", "-show_secrets",
                                       *self.WORDS, version,
                                       f"127.0.0.1:{peer.port}")
                ours = run.jsonl()[0]["keying_material"]
                theirs = re.search(r"Keying material: (\w+)", peer.text())
                self.assertEqual(ours.upper(), theirs.group(1))
                self.assertEqual(len(ours), 74)

    def test_s_clients_lines(self):
        port = self.s_server()
        target = f"127.0.0.1:{port}"
        run = self.run_program("-batch", "-report", "full", "-show_secrets",
                               "-keymatexport", "x'y", target)
        self.assertRegex(run.out, "\nKeying material exporter:\n"
                                  "    Label: 'x'y'\n    Length: 20 bytes\n"
                                  "    Keying material: [0-9A-F]{40}\n---\n")

    def test_they_are_secret(self):
        port = self.s_server()
        for report in ("full", "csv", "jsonl"):
            run = self.run_program("-batch", "-report", report, "-fields", "all",
                                   *self.WORDS, f"127.0.0.1:{port}")
            self.assertIn("redacted", run.out)
            self.assertNotRegex(run.out, "[Kk]eying.material\"?: \"?[0-9A-Fa-f]{40}")

    def test_without_a_label_nobody_asked(self):
        record = self.record("-fields", "all", "-keymatexportlen", "10",
                             f"a.demo.test@127.0.0.1:{self.s_server()}")
        self.assertFields(record, keying_material="not_asked")

    def test_a_failed_handshake_has_none(self):
        port = self.s_server("-tls1_2")
        run = self.run_program("-batch", "-report", "full", *self.WORDS,
                               "-tls1_3", f"127.0.0.1:{port}", status=1)
        self.assertIn("    Length: 37 bytes\n    Error\n---\n", run.out)


class Alpn(FlowCase):
    def test_not_offered_and_not_agreed_on_are_told_apart(self):
        port = self.s_server()
        talks = self.s_server("-alpn", "h2")
        for words, port, wanted in ((), port, "not_asked"), \
                (("-alpn", "h2"), port, "none"), (("-alpn", "h2"), talks, "h2"):
            with self.subTest(wanted):
                self.assertEqual(
                    self.record(*words, f"127.0.0.1:{port}")["alpn"], wanted)
