"""One target and a terminal, a pipe, a file: the interactive s_client."""

import fcntl
import os
import random
import resource
import signal
import socket
import ssl
import sys
import termios
import threading
import time
import unittest

from fleet import terminal
from fleet.case import FlowCase
from fleet.patience import PATIENCE, wait_until
from fleet.place import INSTRUMENTED
from fleet.program import run, start


class SessionCase(FlowCase):
    def tls_server(self, handler, **how):
        server = terminal.TlsServer(handler, **how)
        self.addCleanup(server.close)
        return server.port

    def words(self, port, *more):
        return ("-connect", f"127.0.0.1:{port}", "-CAfile", self.ca, *more)

    def session(self, port, *more, **how):
        return run(*self.words(port, *more), **how)

    def open(self, port, *more):
        """A session at a terminal, as far as its report."""
        window = terminal.Terminal(*self.words(port, *more))
        self.addCleanup(window.close)
        window.wait_for("Verify return code")
        window.wait_for("---\r\n")
        return window

    def pipe(self, port, *more):
        """A session between pipes."""
        process = start(*self.words(port, *more), stdin=-1, stdout=-1,
                        stderr=-1)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


class AtATerminal(SessionCase):
    def test_what_is_typed_is_sent_and_what_comes_is_shown(self):
        window = self.open(self.tls_server(terminal.echo))
        window.type("hello\n")
        window.wait_for("hello\r\n")  # the terminal
        window.wait_for("hello\r\n")  # the server
        window.type("Q\n")
        window.wait_for("DONE")
        self.assertEqual(window.end(), 0)

    def test_renegotiation(self):
        port = self.s_server("-tls1_2", "-client_renegotiation")
        window = self.open(port)
        window.type("R\n")
        said = window.wait_for("RENEGOTIATING")
        said += window.wait_for("verify return:1")
        window.type("Q\n")
        said += window.wait_for("DONE")
        self.assertEqual(window.end(), 0)
        # The session is a part of the handshake, up to TLS 1.2.
        self.assertNotIn("New Session Ticket", said)

    def test_new_keys(self):
        window = self.open(self.tls_server(terminal.echo))
        for letter in "kK":
            window.type(f"{letter}\n")
            window.wait_for("KEYUPDATE")
            window.type(f"after {letter}\n")
            window.wait_for(f"after {letter}\r\n")
            window.wait_for(f"after {letter}\r\n")
        window.type("Q\n")
        self.assertEqual(window.end(), 0)

    def test_a_request_for_a_certificate_in_between(self):
        def ask(peer):
            peer.recv(16)
            peer.verify_client_post_handshake()
            peer.sendall(b"asked\n")
            while peer.recv(65536):
                pass
            peer.unwrap()
        port = self.tls_server(
            ask, post_handshake_auth=True, verify_mode=ssl.CERT_OPTIONAL,
            num_tickets=0)  # each of them is told so, too
        window = self.open(port, "-enable_pha")
        window.type("go\n")
        self.assertIn("read R BLOCK", window.wait_for("asked"))
        window.type("Q\n")
        self.assertEqual(window.end(), 0)

    def test_a_command_of_another_version_does_not_end_the_session(self):
        window = self.open(self.tls_server(terminal.echo))
        window.type("R\n")
        window.wait_for("wrong ssl version")
        window.type("still here\n")
        window.wait_for("still here\r\n")
        window.wait_for("still here\r\n")
        window.type("Q\n")
        self.assertEqual(window.end(), 0)

    def test_end_of_input(self):
        window = self.open(self.tls_server(terminal.echo))
        window.type("\x04")
        window.wait_for("DONE")
        self.assertEqual(window.end(), 0)

    def test_interruption(self):
        window = self.open(self.tls_server(terminal.echo))
        window.type("\x03")
        self.assertEqual(window.end(), -signal.SIGINT)

    def test_the_window_is_closed(self):
        window = self.open(self.tls_server(terminal.echo))
        window.close_window()
        self.assertIn(window.process.wait(PATIENCE), (0, -signal.SIGHUP))

    def test_typing_while_the_server_floods(self):
        window = terminal.Terminal(
            *self.words(self.tls_server(terminal.flood)))
        self.addCleanup(window.close)
        window.wait_for("0123456789abcdef")
        window.type("Q\n")
        self.assertEqual(window.end(), 0)

    def test_what_comes_cannot_command_the_terminal(self):
        port = self.tls_server(terminal.say(b"a\x1b[31mb\x07\x9bc\r\n"))
        window = self.open(port)
        window.wait_for(r"a\x1B[31mb\x07\x9Bc")
        self.assertNotIn("\x1b", window.text)

    def test_raw_is_raw(self):
        port = self.tls_server(terminal.say(b"a\x1b[31mb\n"))
        window = self.open(port, "-raw")
        window.wait_for("a\x1b[31mb")

    def test_a_character_that_comes_in_two_pieces(self):
        port = self.tls_server(terminal.say(b"<\xc3", b"\xa9>\n", pause=0.1))
        window = self.open(port)
        window.wait_for("<\xc3\xa9>")

    def test_a_character_that_is_cut_off_is_shown_at_the_end(self):
        def cut(peer):
            peer.sendall(b"caf\xc3")
            peer.unwrap()
        window = terminal.Terminal(*self.words(self.tls_server(cut)))
        self.addCleanup(window.close)
        window.wait_for(r"caf\xC3closed")
        self.assertEqual(window.end(), 0)

    def test_records_that_come_together_are_all_shown(self):
        # With pipelines OpenSSL takes more from the socket than one record.
        for most in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(most):
                port = self.tls_server(
                    terminal.say_at_once(b"first\n", b"second\n"),
                    maximum_version=most)
                window = self.open(port, "-max_pipelines", "2")
                window.wait_for("first\r\n")
                window.wait_for("second\r\n")

    def test_terminal_modes_are_left_alone(self):
        window = self.open(self.tls_server(terminal.echo))
        modes = termios.tcgetattr(window.master)
        self.assertTrue(modes[3] & termios.ICANON)
        self.assertTrue(modes[3] & termios.ECHO)


class WithPipes(SessionCase):
    def test_the_end_of_the_input_waits_for_a_new_handshake(self):
        port = self.s_server("-tls1_2")
        for _ in range(20):  # it was a race
            run = self.session(port, stdin="R\n")
            self.assertEqual(run.status, 1, run)
            self.assertIn("no renegotiation", run.err)

    LINES = 10_000

    def test_ten_thousand_lines_come_back(self):
        text = "".join(f"line {n} of many\n" for n in range(self.LINES))
        process = self.pipe(self.tls_server(terminal.echo), "-quiet",
                            "-no_ign_eof")

        def feed():
            process.stdin.write(text.encode())
            process.stdin.flush()
        threading.Thread(target=feed, daemon=True).start()
        self.assertEqual(process.stdout.read(len(text)).decode(), text)
        process.stdin.close()
        self.assertEqual(process.wait(PATIENCE), 0)
        process.stdin = open(os.devnull, "rb")

    def test_reversed_lines_of_a_real_server(self):
        # A "Q" first would be a command.
        lines = [f"number {n}" for n in range(200)]
        process = self.pipe(self.s_server("-rev"), "-quiet", "-no_ign_eof")
        # -www is there too, but -rev, said later, wins.
        for line in lines:
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()
            self.assertEqual(process.stdout.readline().decode().rstrip("\n"),
                             line[::-1])

    def test_bytes_arrive_as_they_are(self):
        data = random.Random(7).randbytes(3_000_000)
        data = b"Q\n" * 10 + data  # commands, were they not data
        kept = bytearray()
        done = self.session(self.tls_server(terminal.swallow(kept)),
                            "-nocommands", "-quiet", "-no_ign_eof", stdin=data)
        self.assertEqual(done.status, 0, done)
        wait_until(lambda: len(kept) == len(data))
        self.assertEqual(bytes(kept), data)

    def test_a_file_with_letters_at_the_begin_of_pieces(self):
        # As cut up by s_client, each piece would be taken for a command.
        data = b"x" + (b"Q" * 8191 + b"\n") * 64
        path = self.file("letters", data)
        kept = bytearray()
        with open(path, "rb") as file:
            process = start(*self.words(self.tls_server(
                terminal.swallow(kept))), stdin=file, stdout=-1, stderr=-1)
            process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0)
        wait_until(lambda: len(kept) == len(data))
        self.assertEqual(bytes(kept), data)

    @staticmethod
    def unread(pipe):
        count = fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4)
        return int.from_bytes(count, sys.byteorder)

    def test_an_answer_is_shown_though_the_input_has_ended(self):
        done = self.session(self.tls_server(terminal.echo), stdin="ask\n")
        self.assertTrue(done.out.endswith("ask\n"), done)
        self.assertEqual(done.status, 0)

    def test_what_waits_for_a_slow_reader_outlives_the_input(self):
        text = b"0123456789abcde\n" * 20_000  # more than a pipe holds
        process = self.pipe(self.tls_server(terminal.say(text)), "-quiet",
                            "-no_ign_eof")
        process.stdin.write(b"ask\n")
        process.stdin.flush()
        wait_until(lambda: self.unread(process.stdout) > 60_000)
        process.stdin.close()
        process.stdin = open(os.devnull, "rb")
        while process.stderr.readline() not in (b"DONE\n", b""):
            pass
        self.assertEqual(process.stdout.read(), text)

    def test_the_first_words_of_a_server_are_not_lost(self):
        port = self.tls_server(terminal.say(b"220 ready\n"))
        process = self.pipe(port, "-quiet")
        self.assertEqual(process.stdout.readline(), b"220 ready\n")

    def test_what_comes_goes_raw_into_a_pipe(self):
        port = self.tls_server(terminal.say(b"\x1b[31m\xff\\\r\n"))
        process = self.pipe(port, "-quiet")
        self.assertEqual(process.stdout.read(9), b"\x1b[31m\xff\\\r\n")

    def test_no_input_at_all(self):
        done = self.session(self.tls_server(terminal.echo))
        self.assertEqual(done.status, 0)
        self.assertTrue(done.err.endswith("DONE\n"), done)
        closed = start(*self.words(self.tls_server(terminal.echo)),
                       stdout=-1, stderr=-1,
                       preexec_fn=lambda: os.close(0))
        _, err = closed.communicate(timeout=PATIENCE)
        self.assertEqual(closed.returncode, 0)
        self.assertTrue(err.endswith(b"DONE\n"), err)

    def test_nobody_reads_any_more(self):
        process = self.pipe(self.tls_server(terminal.flood), "-quiet")
        process.stdout.read(10)
        process.stdout.close()
        self.assertEqual(process.wait(PATIENCE), 0)
        process.stdout = open(os.devnull, "rb")

    def test_a_reset_is_the_exit_status(self):
        port = self.tls_server(terminal.reset)
        process = self.pipe(port)
        process.stdin.write(b"x\n")
        process.stdin.flush()
        self.assertEqual(process.wait(PATIENCE), 104)
        self.assertIn(b"read:errno=104", process.stderr.read())

    def idle(self):
        """A session that has been begun: it has had an answer."""
        process = self.pipe(self.tls_server(terminal.echo), "-quiet")
        process.stdin.write(b"hello\n")
        process.stdin.flush()
        self.assertEqual(process.stdout.readline(), b"hello\n")
        return process

    @unittest.skipIf(INSTRUMENTED, "takes processor time of its own")
    def test_an_idle_session_costs_nothing(self):
        self.assertCostsNothing(self.idle().pid)

    @unittest.skipIf(INSTRUMENTED, "takes processor time of its own")
    def test_an_input_that_hung_up_costs_nothing(self):
        process = self.idle()
        process.stdin.close()
        self.assertCostsNothing(process.pid)
        process.stdin = open(os.devnull, "rb")

    def assertCostsNothing(self, pid):
        """Some second soon goes by at no cost; who polls has none such."""
        def quiet_second():
            before = self.cpu(pid)
            time.sleep(1)
            return self.cpu(pid) - before < 0.05
        self.assertTrue(wait_until(quiet_second, seconds=10))

    @staticmethod
    def cpu(pid):
        fields = open(f"/proc/{pid}/stat").read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_descriptors_beyond_those_of_select(self):
        def crowd():
            for number in range(3, 1100):
                os.dup2(2, number)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < 2048:
            self.skipTest("too few descriptors")
        resource.setrlimit(resource.RLIMIT_NOFILE, (2048, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE,
                        (soft, hard))
        done = self.session(self.tls_server(terminal.echo), stdin="far\n",
                            preexec_fn=crowd, close_fds=False)
        self.assertTrue(done.out.endswith("far\n"), done)
        self.assertRegex(done.out, r"CONNECTED\(000004[4-9A-F][0-9A-F]\)")


class NothingHangs(SessionCase):
    def test_a_silent_server(self):
        port = self.listener().port
        done = self.session(port, "-handshake_timeout", "0.3")
        self.assertEqual(done.status, 1, done)
        self.assertIn("tlsfleet: ", done.err)

    def test_a_host_that_never_answers(self):
        port = self.peers("full")["full"]
        done = self.session(port, "-connect_timeout", "0.3")
        self.assertEqual(done.status, 1, done)
        self.assertIn("Connection timed out", done.err)
        self.assertIn("tlsfleet: no answer from", done.err)
        self.assertTrue(done.err.endswith("connect:errno=110\n"), done)
        self.assertNotIn("Success", done.err)

    def test_a_proxy_that_hangs_up(self):
        with socket.create_server(("127.0.0.1", 0)) as proxy:
            def hang_up():
                peer, _ = proxy.accept()
                peer.recv(10)
                peer.close()
            threading.Thread(target=hang_up, daemon=True).start()
            done = run("-proxy", f"127.0.0.1:{proxy.getsockname()[1]}",
                       "-connect", "localhost:1", seconds=20)
        self.assertEqual(done.status, 1, done)

    def test_a_server_that_never_answers_starttls(self):
        port = self.listener().port
        done = self.session(port, "-starttls", "smtp", "-handshake_timeout",
                            "0.3")
        self.assertEqual(done.status, 1, done)


class Words(SessionCase):
    def test_no_words_say_how_to_start(self):
        done = run()
        self.assertEqual(len(done.err.splitlines()), 5, done)
        self.assertEqual(done.out, "")

    def test_a_typo_gets_both_answers(self):
        done = run("-chiper", "x", "-connect", "a:1")
        self.assertEqual(done.status, 1)
        self.assertEqual(done.err.splitlines()[:2],
                         ["s_client: Unknown option: -chiper",
                          "s_client: Use -help for summary."])
        self.assertIn("did you mean '-cipher'?", done.err)

    def test_programs_find_the_options_where_s_client_lists_them(self):
        done = run("-interactive", "-help")
        self.assertEqual((done.status, done.out), (0, ""), done)
        self.assertRegex(done.err, r"(?m)^ -starttls protocol ")
        self.assertNotRegex(done.err, r"(?m)^ -workers ")

    def test_a_file_that_is_not_there(self):
        done = run("-connect", "a:1", "-CAfile", "/nowhere/ca.pem")
        self.assertEqual(done.status, 1)
        self.assertIn("calling fopen(/nowhere/ca.pem, r)", done.err)
        self.assertIn("tlsfleet: ", done.err)

    def test_a_target_as_a_word_of_its_own(self):
        port = self.tls_server(terminal.echo)
        done = run(f"tls://127.0.0.1:{port}", "-CAfile", self.ca)
        self.assertEqual(done.status, 0, done)
        self.assertIn("Verification: OK", done.out)

    def test_prexit_tells_again(self):
        done = self.session(self.tls_server(terminal.echo), "-prexit")
        self.assertEqual(done.out.count("SSL handshake has read"), 2, done)

    def test_messages_go_to_their_file(self):
        path = self.folder / "messages"
        done = self.session(self.tls_server(terminal.echo), "-msg", "-msgfile",
                            path)
        self.assertNotIn("ClientHello", done.out)
        self.assertIn("ClientHello", path.read_text())
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_a_session_is_saved_however_soon_the_input_ends(self):
        path = self.folder / "session"
        port = self.s_server("-tls1_3")
        done = self.session(port, "-sess_out", path)
        self.assertIn("New Session Ticket arrived", done.out)
        done = self.session(port, "-sess_in", path)
        self.assertIn("\nReused, TLSv1.3", done.out)

    def test_a_ticket_is_told_and_saved(self):
        path = self.folder / "session"
        process = self.pipe(self.tls_server(terminal.say(b"end\n")),
                            "-sess_out", path)
        while process.stdout.readline() != b"end\n":
            pass
        self.assertIn("BEGIN SSL SESSION", path.read_text())


class HostileServers(SessionCase):
    # -trace shows a certificate with all that is in it, and with "utf8"
    # OpenSSL escapes less.
    WORDS = ("-trace", "-nameopt", "utf8")

    def test_nothing_in_a_certificate_commands_a_terminal(self):
        for cert in ("hostile-csi", "hostile-c1", "hostile-bidi"):
            with self.subTest(cert):
                port = self.s_server(cert=cert)
                done = self.session(port, *self.WORDS)
                self.assertNeutral(done.out, "standard output")
                self.assertNeutral(done.err, "standard error")
                self.assertIn(r"DNS:a\x", done.out)

    def test_nor_in_a_file_of_messages(self):
        port = self.s_server(cert="hostile-csi")
        path = self.folder / "messages"
        for words in ((), ("-batch",)):
            with self.subTest(words):
                self.session(port, *self.WORDS, "-msgfile", path, *words)
                self.assertNeutral(path.read_text())
                self.assertIn(r"DNS:a\x1B[A.demo.test", path.read_text())

    def test_nor_in_a_hint(self):
        words = ("-psk", "abcd", "-tls1_2", "-cipher", "PSK")
        port = self.s_server(*words, "-psk_hint", "\x1b[31mred\\")
        done = self.session(port, *words, "-debug")
        self.assertNeutral(done.out)
        self.assertIn("    PSK identity hint: \\x1B[31mred\\\n", done.out)


class Servers(SessionCase):
    def test_a_page_of_nginx(self):
        if not os.access("/usr/sbin/nginx", os.X_OK):
            self.skipTest("nginx is not installed")
        port, = self.nginx("location / { return 200 'a page\\n'; }")
        done = self.session(port, "-quiet",
                            stdin="GET / HTTP/1.0\r\nHost: x\r\n\r\n")
        self.assertTrue(done.out.startswith("HTTP/1.1 200 OK\r\n"), done)
        self.assertTrue(done.out.endswith("a page\n"), done)

    def test_old_versions(self):
        port = self.tls_server(terminal.echo, maximum_version=ssl.TLSVersion.TLSv1_2)
        done = self.session(port, stdin="old\n")
        self.assertTrue(done.out.endswith("old\n"), done)
        self.assertIn("    Protocol  : TLSv1.2\n", done.out)
