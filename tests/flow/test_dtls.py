"""DTLS over UDP, against openssl s_server and against sockets that are none."""

import contextlib
import select
import socket
import threading

from fleet import terminal
from fleet.case import FlowCase
from fleet.heard import heard

FIELDS = ("status,stage,code,error,verified,name_match,address,port,protocol,"
          "cipher,resumed,resumptions,response,warnings")
WEAK = ("-cipher", "ALL:@SECLEVEL=0")


@contextlib.contextmanager
def udp(answer=None):
    """A UDP port that says one thing, or nothing; yields it and what it got."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(0.1)
        got, over = [], threading.Event()

        def serve():
            while True:
                try:
                    data, where = peer.recvfrom(65536)
                    got.append(data)
                    if answer:
                        peer.sendto(answer, where)
                except TimeoutError:
                    if over.is_set():  # and nothing is left to be read
                        return
                except ConnectionError:
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield peer.getsockname()[1], got
        finally:
            over.set()
            thread.join()


@contextlib.contextmanager
def relay(port):
    """A UDP port that passes on to another.  Yields it and a list: each thing
    that is put in there is one datagram on its way to the other lost."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far:
        near.bind(("127.0.0.1", 0))
        far.connect(("127.0.0.1", port))
        losses, over = [], threading.Event()

        def serve():
            where = None
            while not over.is_set():
                for from_ in select.select([near, far], [], [], 0.1)[0]:
                    with contextlib.suppress(ConnectionError):
                        data, sender = from_.recvfrom(65536)
                        if from_ is far:
                            near.sendto(data, where)
                            continue
                        where = sender
                        if losses:
                            losses.pop()
                        else:
                            far.send(data)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield near.getsockname()[1], losses
        finally:
            over.set()
            thread.join()


class Datagrams(FlowCase):
    def look(self, port, *words, **how):
        return self.record("-fields", FIELDS, *words,
                           f"a.demo.test@127.0.0.1:{port}", **how)

    def test_a_handshake(self):
        with heard("-dtls") as server:
            record = self.look(server.port, "-dtls", status=0)
            self.assertFields(record, status="ok", protocol="DTLSv1.2",
                              verified="yes", name_match="yes",
                              address="127.0.0.1", port=str(server.port),
                              resumed="no", warnings="none")

    def test_each_version(self):
        for version, name in (("-dtls1", "DTLSv1"), ("-dtls1_2", "DTLSv1.2")):
            with self.subTest(version), heard("-dtls", *WEAK) as server:
                record = self.look(server.port, version, *WEAK)
                self.assertFields(record, status="ok", protocol=name)
                self.assertEqual("out of date" in record["warnings"],
                                 version == "-dtls1", record)

    def test_a_version_that_the_server_has_not(self):
        with heard("-dtls1", *WEAK) as server:
            record = self.look(server.port, "-dtls1_2", *WEAK, status=1)
            self.assertFields(record, status="failed", stage="handshake")
            record = self.look(server.port, "-dtls", *WEAK)
            self.assertFields(record, status="ok", protocol="DTLSv1")

    def test_over_ipv6(self):
        command = ("-dtls", "-6", "-accept", "[::1]:0")
        with heard(*command) as server:
            record = self.record("-fields", FIELDS, "-dtls",
                                 f"a.demo.test@[::1]:{server.port}")
            self.assertFields(record, status="ok", address="::1")

    def test_a_cookie_is_given_back(self):
        with heard("-dtls", "-listen", "-naccept", "1") as server:
            run = self.run_program(
                "-batch", "-dtls", "-state", "-report", "full", "-CAfile",
                self.ca, f"a.demo.test@127.0.0.1:{server.port}", status=0)
            self.assertIn("DTLS1 read hello verify request", run.out)

    def test_nothing_listens(self):
        self.assertFields(self.look(1, "-dtls", status=1),
                          status="failed", stage="connect",
                          code="connect_refused")

    def test_silence(self):
        with udp() as (port, got):
            record = self.look(port, "-dtls", "-handshake_timeout", "0.5",
                               "-retries", "0", status=1)
            self.assertFields(record, status="timeout", stage="handshake",
                              code="timeout")
        self.assertEqual(len(got), 1)

    def test_silence_until_the_deadline(self):
        with udp() as (port, _):
            self.assertFields(self.look(port, "-dtls", "-deadline", "0.3",
                                        status=1),
                              status="timeout", code="deadline")

    def test_what_is_sent_again_can_be_told(self):
        with udp() as (port, got):
            # It is sent again after one second, and after three.
            words = ("-batch", "-dtls", "-handshake_timeout", "2", "-retries",
                     "0", "-report", "full", f"127.0.0.1:{port}")
            run = self.run_program(*words, "-timeout", status=1)
            self.assertEqual(run.out.count("TIMEOUT occurred"), 1, run)
            self.assertEqual(len(got), 2)
            self.assertNotIn("TIMEOUT occurred",
                             self.run_program(*words, status=1).out)

    def test_what_is_lost_in_a_session_is_sent_again(self):
        with heard("-dtls1_2", "-client_renegotiation") as server, \
                relay(server.port) as (port, losses):
            window = terminal.Terminal("-dtls1_2", "-timeout", "-CAfile",
                                       self.ca, "-connect",
                                       f"127.0.0.1:{port}")
            self.addCleanup(window.close)
            window.wait_for("Extended master secret")
            losses.append("the ClientHello")
            window.type("R\n")
            window.wait_for("RENEGOTIATING")
            window.wait_for("TIMEOUT occurred")
            window.wait_for("verify return:1")
            window.type("Q\n")
            self.assertEqual(window.end(), 0)

    def test_what_is_no_dtls(self):
        with udp(b"220 hello\r\n\x1b[2J") as (port, _):
            record = self.look(port, "-dtls", "-handshake_timeout", "2",
                               "-retries", "0", status=1)
            self.assertFields(record, status="failed", code="not_tls")
            self.assertIn("220 hello", record["error"])
            self.assertNeutral(record["error"])

    def test_packets_of_a_small_link(self):
        with heard("-dtls", "-mtu", "300") as server:
            self.assertFields(self.look(server.port, "-dtls", "-mtu", "300"),
                              status="ok")
        with udp() as (port, got):
            name = ".".join(["a" * 60] * 4)
            self.record("-dtls", "-mtu", "300", "-servername", name,
                        "-deadline", "2", f"127.0.0.1:{port}")
        self.assertEqual([len(d) <= 300 for d in got], [True] * len(got))
        self.assertGreater(len(got), 1)

    def test_words_that_do_not_go_together(self):
        rows = (
            (("-dtls", "-mtu", "255"), ("-mtu", "255", "at least 256")),
            (("-dtls", "-tls1_2"), ("-dtls and -tls1_2 exclude each other",)),
            (("-dtls1", "-no_tls1"), ("-dtls1 and -no_tls1",)),
            (("-dtls", "-dtls1_2"), ("-dtls and -dtls1_2",)),
            (("-dtls", "-proxy", "127.0.0.1:9"), ("-proxy", "TCP")),
            (("-dtls", "-starttls", "smtp"), ("-starttls", "TCP")),
            (("-dtls", "-sctp"), ("-sctp", "built without SCTP")),
            (("-dtls", "-sctp_label_bug"), ("built without SCTP",)),
            (("-mtu", "0"), ("-mtu",)),
        )
        for words, parts in rows:
            with self.subTest(words):
                run = self.run_program("-batch", *words, "127.0.0.1:9",
                                       status=2)
                self.assertSentence(run, *parts)

    def test_a_link_size_without_dtls_is_told_of(self):
        record = self.look(self.s_server(), "-mtu", "500")
        self.assertFields(record, status="ok")
        self.assertIn("-mtu", record["warnings"])

    def test_sessions(self):
        path = self.folder / "session.pem"
        with heard("-dtls") as server:
            self.assertFields(self.look(server.port, "-dtls", "-sess_out",
                                        path), resumed="no")
            self.assertFields(self.look(server.port, "-dtls", "-sess_in",
                                        path), resumed="yes")
            self.assertFields(
                self.look(server.port, "-dtls", "-reconnect"), resumed="yes",
                resumptions="new; " + "; ".join(["reused"] * 5))

    def test_a_request(self):
        text = "hello\n" * 1000
        with heard("-dtls") as server:
            record = self.look(server.port, "-dtls", "-input",
                               self.file("input", text), "-handshake_timeout",
                               "2", "-retries", "0", status=1)
            self.assertFields(record, status="timeout", stage="request")
            server.wait_for("hello\n", 1000)
            self.assertEqual(server.text().count("hello\n"), 1000)

    def test_lists_mix_both(self):
        tcp = self.s_server()
        with heard("-dtls") as server:
            listed = self.file("list.yaml", f"""
defaults: {{ CAfile: {self.ca} }}
profiles: {{ datagrams: {{ dtls: true }} }}
targets:
  - {{ connect: "a.demo.test@127.0.0.1:{server.port}",
       profiles: [datagrams] }}
  - a.demo.test@127.0.0.1:{tcp}
  - {{ connect: "a.demo.test@127.0.0.1:{server.port}", dtls1_2: true,
       mtu: 1200 }}
""")
            run = self.run_program("-targets", listed, "-report", "csv",
                                   status=0)
            self.assertEqual([r["protocol"] for r in run.csv()],
                             ["DTLSv1.2", "TLSv1.3", "DTLSv1.2"])
