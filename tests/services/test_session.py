"""One target and a dialogue with a real server: the interactive session."""

from fleet.program import run
from servers.dovecot import Dovecot
from servers.nginx import Nginx
from servers.postfix import Postfix
from support.case import ServiceCase


class Session(ServiceCase):
    def session(self, port, *words, said):
        done = run("-connect", f"127.0.0.1:{port}", "-CAfile", self.ca, *words,
                   stdin=said)
        self.assertEqual(done.status, 0, done)
        return done

    def test_a_dialogue_with_postfix(self):
        port = self.server(Postfix).port["smtp"]
        # "R" and "Q" begin commands of the session, but not with -quiet.
        done = self.session(port, "-starttls", "smtp", "-crlf", "-quiet",
                            said="EHLO client.demo.test\n"
                                 "MAIL FROM:<a@demo.test>\n"
                                 "RSET\nNOOP\nQUIT\n")
        replies = [line[:4] for line in done.out.splitlines()
                   if line[3:4] == " "]
        self.assertEqual(replies, ["250 "] * 4 + ["221 "], done)
        self.assertNotIn("250-STARTTLS", done.out)
        self.assertTrue(done.err.splitlines()[-1].startswith("250 "), done)

    def test_a_dialogue_with_dovecot(self):
        port = self.server(Dovecot).port["imap"]
        done = self.session(port, "-starttls", "imap", "-crlf", "-nocommands",
                            said="a CAPABILITY\nb LOGOUT\n")
        self.assertIn("a OK ", done.out)
        self.assertIn("b OK ", done.out)
        self.assertNotIn("STARTTLS", done.out.rpartition("a OK")[0]
                         .rpartition("---")[2])

    def test_a_page_of_nginx(self):
        port = self.server(Nginx).port["tls"]
        done = self.session(port, "-ign_eof",
                            said="GET / HTTP/1.0\r\n\r\n")
        self.assertRegex(done.out, r"\nHTTP/1\.1 \d{3} ")
        self.assertTrue(done.out.endswith("closed\n"), done)
