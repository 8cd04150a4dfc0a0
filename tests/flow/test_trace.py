"""What a connection tells of itself, beside the report, is s_client's."""

import re

from fleet.case import FlowCase
from fleet.s_client import normal, s_client
from fleet.threads import Server, tls_context

# Without tickets nothing follows the handshake, so that both tell the same.
NO_TICKETS = ("-num_tickets", "0")


def targets_of(report):
    """The lines of each target of a full report, by its header."""
    blocks = {}
    for line in report.splitlines():
        if line.startswith("=== "):
            lines = blocks.setdefault(line.split()[1], [])
        else:
            lines.append(line)
    return blocks


class Told(FlowCase):
    def full(self, port, *words):
        """The lines of the only target, without its header and reason."""
        run = self.run_program("-batch", "-report", "full", "-show_secrets",
                               "-fail_on", "none", *words, f"127.0.0.1:{port}",
                               status=0)
        self.assertTrue(run.out.startswith("=== 1 "), run)
        return [line for line in normal(run.out)[1:]
                if not line.startswith("error: ")]


class Parity(Told):
    def take(self, lines, expected, what):
        self.assertEqual(lines[:len(expected)], expected, what)
        return lines[len(expected):]

    def assertTold(self, port, *words):
        """Our lines are its lines: first those of standard error, then those
        of standard output.  Our goodbye comes before the block."""
        theirs = s_client(port, *words)
        ours = self.full(port, *words)
        rest = self.take(ours, theirs.err, "standard error")
        rest = self.take(rest, theirs.before, "before the block")
        goodbye = rest[:len(rest) - len(theirs.block)]
        self.assertEqual(rest[len(goodbye):], theirs.block, "the block")
        self.assertEqual(theirs.after[:len(goodbye)], goodbye, "the goodbye")
        return ours

    def assertEach(self, rows, *server, said):
        """Each row under TLS 1.3 and 1.2; "said" is among what is told."""
        port = self.s_server(*NO_TICKETS, *server, cert="rsa")
        for words in rows:
            for version in ("-tls1_3", "-tls1_2"):
                with self.subTest(words=words, version=version):
                    told = self.assertTold(port, version, "-CAfile", self.ca,
                                           *words)
                    self.assertIn(said, "\n".join(told))

    def test_messages_dumps_states_and_extensions(self):
        self.assertEach((("-msg",), ("-trace", "-msg")),
                        said=", ServerHello\n")
        self.assertEach((("-trace",), ("-msg", "-trace")),
                        said="ServerHello, Length=")
        self.assertEach((("-debug",),), said="read from PTR [PTR] (5 bytes => 5")
        self.assertEach((("-state",), ("-state", "-noservername")),
                        said="SSL_connect:SSLv3/TLS read server hello")
        self.assertEach((("-tlsextdebug", "-alpn", "h2,x"),), "-alpn", "h2",
                        said='"application layer protocol negotiation" (id=16)')

    def test_all_of_them_together(self):
        rows = (("-msg", "-debug", "-state", "-tlsextdebug", "-status"),
                ("-trace", "-debug", "-state", "-servername", "a.b"),
                ("-msg", "-tlsextdebug", "-verify_quiet"))
        self.assertEach(rows, said="ServerHello")

    def test_what_the_security_level_says(self):
        own = ("-cert", self.pki / "client.pem", "-key",
               self.pki / "client.key", "-cert_chain", self.pki / "int.pem")
        rows = (("-security_debug_verbose",),
                ("-security_debug_verbose", *own),
                ("-security_debug_verbose", "-cipher", "DHE:@SECLEVEL=1"))
        self.assertEach(rows, "-verify", "3", said="Security callback: Version=")
        self.assertEach((("-security_debug", "-sigalgs", "RSA+SHA1:RSA+SHA256"),
                         ("-security_debug_verbose", "-security_debug",
                          "-groups", "X25519", "-cipher", "ALL:@SECLEVEL=4")),
                        said="")

    def test_certificates_to_choose_from(self):
        client = ("-xcert", self.pki / "client.pem",
                  "-xkey", self.pki / "client.key")
        other = ("-xcert", self.pki / "rsa.pem", "-xkey", self.pki / "rsa.key",
                 "-xchain", self.pki / "int.pem")
        rows = (client, (*client, *other), (*client, "-nameopt", "RFC2253"),
                (*other, *client, "-cipher", "DEFAULT:SUITEB128"))
        self.assertEach(rows, "-verify", "3",
                        said="Checking cert chain 1:\nSubject: ")

    def test_staples(self):
        for kind in ("server.good", "revoked.revoked"):
            self.assertEach((("-status",), ("-status", "-msg")), "-status_file",
                            self.pki / f"{kind}.ocsp",
                            said="OCSP Response Data:")
        self.assertEach((("-status",), ("-status", "-msg")),
                        said="OCSP response: no response sent")

    def test_a_handshake_that_fails(self):
        port = self.s_server("-tls1_2", cert="rsa")
        for words in (("-msg", "-state", "-debug"), ("-trace", "-state")):
            with self.subTest(words):
                told = self.assertTold(port, "-tls1_3", *words)
                self.assertIn("SSL3 alert read:fatal:protocol version", told)

    def test_brief_leaves_only_the_messages(self):
        port = self.s_server(*NO_TICKETS, cert="rsa")
        words = ("-brief", "-msg", "-tlsextdebug", "-CAfile", self.ca)
        theirs, ours = s_client(port, *words), self.full(port, *words)
        self.assertNotIn("TLS server extension", "\n".join(ours))
        self.assertEqual([line for line in ours if line in theirs.err],
                         theirs.err)
        self.assertEqual([line for line in ours if line not in theirs.err],
                         theirs.before)


class Modes(FlowCase):
    """The socket and OpenSSL work together in another way, to the same end."""

    def test_a_socket_that_pretends_not_to_be_ready(self):
        port = self.s_server(cert="rsa")
        targets = [f"n{n}.demo.test@127.0.0.1:{port}" for n in range(20)]
        run = self.run_program("-report", "full", "-CAfile", self.ca, "-debug",
                               "-nbio_test", *targets, status=0)
        self.assertIn(" bytes => -1)\n", run.out)
        self.assertEqual(run.out.count("\nNew, TLSv1.3, Cipher is "), 20)

    def test_waiting_shows_in_the_states_only(self):
        port = self.s_server(cert="rsa")
        words = ("-batch", "-report", "full", "-CAfile", self.ca,
                 f"127.0.0.1:{port}")
        plain = self.run_program(*words, status=0)
        waits = self.run_program(*words, "-nbio", "-async", "-prexit", "-quiet",
                                 status=0)
        self.assertEqual(normal(waits.out), normal(plain.out))


class Bounded(FlowCase):
    def test_too_much_is_cut_and_says_so(self):
        # Reads of a few bytes each make a dump of thirty times their size.
        chain = self.file("chain", (self.pki / "int.pem").read_text() * 120)
        port = self.s_server("-cert_chain", chain, chain=False, cert="rsa")
        report = self.folder / "full"
        run = self.run_program("-batch", "-CAfile", self.ca, "-report",
                               f"full={report}", "-report", "csv", "-fields",
                               "status,warnings", "-debug", "-nbio_test",
                               f"a.demo.test@127.0.0.1:{port}", status=0)
        record, = run.csv()
        self.assertIn("was cut: too long", record["warnings"])
        text = report.read_text()
        self.assertIn("\n(truncated)\n---\nCertificate chain\n", text)
        self.assertLess(text.index("(truncated)"), 1100 * 1024)


class Apart(FlowCase):
    """What one target tells never stands in another's block."""

    def sni_of(self, lines):
        """The server name in the bytes of the ClientHello that -msg shows."""
        at = next(n for n, line in enumerate(lines)
                  if line.endswith("], ClientHello"))
        dump = []
        for line in lines[at + 1:]:
            if not re.fullmatch("   ( [0-9a-f]{2})+", line):
                break
            dump += line.split()
        hello = bytes.fromhex("".join(dump))
        return re.search(rb"n\d+\.demo\.test", hello)[0].decode()

    def outline(self, lines):
        """What is told without its bytes: a name is longer than another."""
        return [re.sub(r"length [0-9a-f]{4}|\d+ bytes.*", "", line)
                for line in normal("\n".join(lines))
                if "DUMP" not in line and not line.startswith("    ")]

    def test_64_targets_with_all_that_can_be_told(self):
        port = self.s_server(*NO_TICKETS, cert="rsa")
        names = [f"n{n}.demo.test" for n in range(64)]
        targets = self.file("list", "".join(
            f"{name}@127.0.0.1:{port} {'-tls1_2' if n % 2 else '-tls1_3'}\n"
            for n, name in enumerate(names)))
        words = ("-report", "full", "-CAfile", self.ca, "-msg", "-debug",
                 "-state", "-tlsextdebug", "-security_debug", "-targets")
        blocks = targets_of(self.run_program(
            *words, targets, "-workers", "16", "-per_address", "64",
            status=0).out)
        self.assertEqual(len(blocks), 64)
        # What two of them tell when they are alone.
        alone = [self.outline(targets_of(self.run_program(
            *words, self.file(f"one{n}", f"{names[n]}@127.0.0.1:{port} {word}\n"),
            status=0).out)["1"]) for n, word in enumerate(("-tls1_3", "-tls1_2"))]
        for number, lines in blocks.items():
            n = int(number) - 1
            with self.subTest(names[n]):
                self.assertEqual(self.sni_of(lines), names[n])
                self.assertEqual(self.outline(lines), alone[n % 2])


    def names_of(self, lines):
        """The server names in all bytes that are shown in hexadecimal."""
        shown = b"".join(
            bytes.fromhex(dump[1].replace("-", " ")) for line in lines
            if (dump := re.match(r"\s*[0-9a-f]{4} - ((?:[0-9a-f]{2}[ -])+)",
                                 line)))
        return {name.decode() for name in
                re.findall(rb"n\d+\.demo\.test", shown)}

    def test_64_targets_decoded_in_full(self):
        port = self.s_server(*NO_TICKETS, cert="rsa")
        names = [f"n{n}.demo.test" for n in range(100, 164)]
        blocks = targets_of(self.run_program(
            "-report", "full", "-CAfile", self.ca, "-trace", "-debug",
            "-workers", "32", "-per_address", "64",
            *[f"{name}@127.0.0.1:{port}" for name in names], status=0).out)
        self.assertEqual(len(blocks), 64)
        for number, lines in blocks.items():
            name = names[int(number) - 1]
            with self.subTest(name):
                text = "\n".join(lines)
                for line in ("ClientHello, Length=", "ServerHello, Length=",
                             "Sent (TLS )?Record\n", "Received (TLS )?Record\n"):
                    self.assertRegex(text, line)
                self.assertEqual(text.count("ClientHello, Length="), 1)
                self.assertEqual(self.names_of(lines), {name})


class MessageFiles(FlowCase):
    """-msgfile: each target has its own file, whole, for its owner alone."""

    def setUp(self):
        super().setUp()
        self.port = self.s_server(*NO_TICKETS, cert="rsa")
        self.target = f"a.demo.test@127.0.0.1:{self.port}"
        self.words = ("-CAfile", self.ca, "-report", "csv", "-fields",
                      "status,code,stage,error,warnings")

    def scan(self, *words, **how):
        return self.run_program(*self.words, *words, **how)

    def messages(self, path):
        self.assertEqual(path.stat().st_mode & 0o7777, 0o600)
        return path.read_text()

    def test_a_name_for_each_target(self):
        others = [f"n{n}.demo.test@127.0.0.1:{self.port}" for n in range(2, 9)]
        self.scan("-msg", "-msgfile",
                  self.folder / "m.{index}.{host}.{port}.{profile}.{address}",
                  self.target, *others, status=0)
        files = sorted(path.name for path in self.folder.glob("m.*"))
        self.assertEqual(files, [f"m.1.a.demo.test.{self.port}.none.127.0.0.1"]
                         + [f"m.{n}.n{n}.demo.test.{self.port}.none.127.0.0.1"
                            for n in range(2, 9)])
        for name in files:
            text = self.messages(self.folder / name)
            self.assertEqual(text.count("ClientHello\n"), 1)
            self.assertIn("close_notify\n", text)
            self.assertIn(", Finished\n", text)

    def test_messages_leave_the_report_for_the_file(self):
        path = self.folder / "messages"
        run = self.run_program("-batch", "-report", "full", "-CAfile", self.ca,
                               "-trace", "-tlsextdebug", "-msgfile", path,
                               self.target, status=0)
        self.assertIn("TLS server extension", run.out)
        self.assertNotIn("ClientHello", run.out)
        self.assertIn("ClientHello, Length=", self.messages(path))
        self.assertNotIn("TLS server extension", path.read_text())

    def test_a_name_that_all_would_share_is_refused(self):
        listener = self.listener()
        targets = [f"127.0.0.1:{listener.port}"] * 2
        for name, parts in ((self.folder / "all", ("-msgfile", "{index}")),
                            (self.folder / "{index}{hots}", ("{hots}",)),
                            (self.folder / "none" / "{index}",
                             ("-msgfile", "none", "No such file"))):
            with self.subTest(name):
                run = self.run_program("-msg", "-msgfile", name, *targets,
                                       status=2)
                self.assertSentence(run, *parts)
        defaults = self.file("list.yaml", f"""
defaults: {{ msg: true, msgfile: all }}
targets: [ "127.0.0.1:{listener.port}", "localhost:{listener.port}" ]
""")
        self.assertSentence(self.run_program("-targets", defaults, status=2),
                            "-msgfile", "{index}")
        self.assertFalse(listener.was_called())
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()),
                         ["list.yaml"])

    def list_of(self, *names):
        entries = "".join(f"""
  - connect: a.demo.test@127.0.0.1:{self.port}
    msgfile: {name}
""" for name in names)
        return self.file("list.yaml",
                         f"defaults: {{ msg: true }}\ntargets:{entries}")

    def test_a_target_names_its_own_file(self):
        self.scan("-targets", self.list_of("one", "two"), status=0)
        self.assertIn("ClientHello", self.messages(self.folder / "one"))
        self.assertIn("ClientHello", self.messages(self.folder / "two"))

    def test_two_targets_do_not_share_one(self):
        run = self.scan("-targets", self.list_of("same", "./same"), "-workers",
                        "1", status=1)
        first, second = run.csv()
        self.assertFields(first, status="ok")
        self.assertFields(second, status="config", code="file")
        self.assertIn("this run has written it already", second["error"])
        self.assertIn("{address}", second["error"])
        self.assertEqual(
            self.messages(self.folder / "same").count("ClientHello\n"), 1)

    def test_profiles_need_their_own_too(self):
        listed = self.file("list.yaml", f"""
defaults: {{ msg: true, msgfile: "m.{{index}}" }}
profiles: {{ new: {{ tls1_3: true }}, old: {{ tls1_2: true }} }}
targets:
  - connect: a.demo.test@127.0.0.1:{self.port}
    profiles: [new, old]
""")
        found = self.scan("-targets", listed, "-workers", "1", status=1).csv()
        self.assertEqual([r["status"] for r in found], ["ok", "config"])
        self.scan("-targets", listed, "-msgfile",
                  self.folder / "p.{index}.{profile}", status=0)
        self.assertIn("TLS 1.3", self.messages(self.folder / "p.1.new"))
        self.assertIn("TLS 1.2", self.messages(self.folder / "p.1.old"))

    def test_a_link_is_not_followed(self):
        other = self.file("other", "kept")
        (self.folder / "link").symlink_to(other)
        record, = self.scan("-targets", self.list_of("link"), status=1).csv()
        self.assertFields(record, status="config", code="file")
        self.assertIn("symbolic link", record["error"])
        self.assertEqual(other.read_text(), "kept")

    def test_a_failed_target_has_its_file_too(self):
        path = self.folder / "messages"
        record, = self.scan("-batch", "-msg", "-msgfile", path, "-cipher",
                            "ECDHE-ECDSA-AES128-SHA", "-tls1_2", self.target,
                            status=1).csv()
        self.assertFields(record, status="failed", code="tls_alert")
        self.assertIn("fatal handshake_failure", self.messages(path))


class Mail(Server):
    """SMTP with STARTTLS."""

    def __init__(self):
        self.context = tls_context("rsa", num_tickets=0)
        super().__init__(self.speak)

    def speak(self, peer):
        peer.sendall(b"220 mail.demo.test ESMTP\r\n")
        peer.recv(1000)
        peer.sendall(b"250-mail.demo.test\r\n250 STARTTLS\r\n")
        peer.recv(1000)
        peer.sendall(b"220 go\r\n")
        with self.context.wrap_socket(peer, server_side=True) as tls:
            tls.recv(100)


def let_nobody_through(peer):
    """What an HTTP proxy may do."""
    peer.recv(1000)
    peer.sendall(b"HTTP/1.0 403 No\r\n\r\n")


class Clear(Told):
    """-debug shows what is said in clear."""

    def peer(self, peer):
        self.addCleanup(peer.close)
        return peer

    def without_sizes(self, lines):
        """How much is asked for at once is our own affair."""
        return [re.sub(r"\(\d+ bytes =", "(N bytes =", line) for line in lines]

    def assertDumped(self, port, *words):
        theirs = self.without_sizes(s_client(port, *words).before)
        ours = self.without_sizes(self.full(port, *words))
        self.assertIn(theirs[0], ours)
        begin = ours.index(theirs[0])
        self.assertEqual(ours[begin:begin + len(theirs)], theirs)

    def test_a_starttls_dialogue_is_dumped(self):
        mail = self.peer(Mail())
        self.assertDumped(mail.port, "-starttls", "smtp", "-debug", "-CAfile",
                          self.ca)

    def test_a_proxy_is_dumped_but_not_a_password(self):
        proxy = self.peer(Server(let_nobody_through))
        words = ("-batch", "-report", "full", "-debug", "-proxy",
                 f"127.0.0.1:{proxy.port}", "a.demo.test:99")
        run = self.run_program(*words, status=1)
        self.assertIn("CONNECT a.demo.t", run.out)
        self.assertIn("HTTP/1.0 403 No.", run.out)
        run = self.run_program(*words, "-proxy_user", "me", "-proxy_pass",
                               "pass:verysecret", status=1)
        self.assertNotIn("write to", run.out)
        self.assertNotIn("Authorization", run.out + run.err)
        self.assertIn("error: proxy: ", run.out)
