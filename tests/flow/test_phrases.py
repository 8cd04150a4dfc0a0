"""Pass phrases that are asked for at a terminal."""

from fleet import program, terminal
from fleet.case import FlowCase
from fleet.patience import wait_until


class Phrases(FlowCase):
    """The question names the file; what is typed is not shown."""

    def setUp(self):
        super().setUp()
        self.port = self.s_server("-Verify", "2", "-CAfile", self.ca,
                                  "-verify_return_error")
        self.key = self.pki / "client.enc.key"
        self.question = f"Enter pass phrase for {self.key}:"
        self.words = ("-cert", self.pki / "client.pem", "-key", self.key,
                      "-cert_chain", self.pki / "int.pem", "-CAfile", self.ca)

    def at_terminal(self, *words):
        window = terminal.Terminal(*self.words, *words)
        self.addCleanup(window.close)
        return window

    def answer(self, window, phrase):
        window.wait_for(self.question)
        # The question comes first, and then what is typed is no longer shown.
        wait_until(lambda: not window.echoes())
        window.type(phrase + "\n")

    def test_a_session_asks_as_s_client_does(self):
        window = self.at_terminal("-connect", f"127.0.0.1:{self.port}")
        self.answer(window, "secret")
        said = window.wait_for("Verify return code: 0 (ok)")
        self.assertNotIn("secret", said)
        window.wait_for("---\r\n")
        window.type("Q\n")
        self.assertEqual(window.end(), 0)

    def test_an_answer_that_is_too_short_is_asked_for_again(self):
        window = self.at_terminal("-connect", f"127.0.0.1:{self.port}")
        self.answer(window, "abc")
        self.answer(window, "secret")
        window.wait_for("Verify return code: 0 (ok)")

    def test_a_wrong_phrase_ends_the_session(self):
        listener = self.listener()
        window = self.at_terminal("-connect", f"127.0.0.1:{listener.port}")
        self.answer(window, "wrong")
        self.assertEqual(window.end(), 1)
        self.assertIn("does not open", window.text)
        self.assertFalse(listener.was_called(0))

    def test_what_else_is_wrong_is_not_laid_on_the_key(self):
        window = self.at_terminal("-connect", f"127.0.0.1:{self.port}",
                                  "-CRL", self.folder / "no.crl")
        self.answer(window, "secret")
        self.assertEqual(window.end(), 1)
        self.assertIn("no.crl", window.text)
        self.assertNotIn("private key", window.text)
        self.assertNotIn(self.question, window.text)

    def test_an_interrupted_question_ends_the_session(self):
        window = self.at_terminal("-connect", f"127.0.0.1:{self.port}")
        window.wait_for(self.question)
        window.type("\x03")
        self.assertNotEqual(window.end(), 0)

    def test_a_batch_asks_once_whatever_the_number_of_contexts(self):
        targets = self.file("list", "".join(
            f"n{n}.demo.test@127.0.0.1:{self.port} -alpn p{n}\n"
            for n in range(8)))
        out = self.folder / "out.csv"
        window = self.at_terminal("-targets", targets, "-report", f"csv={out}")
        self.answer(window, "secret")
        self.assertEqual(window.end(), 0, window.text)
        self.assertNotIn(self.question, window.text)
        self.assertEqual([r["status"] for r in
                          program.read_csv(out.read_text())], ["ok"] * 8)

    def test_a_wrong_phrase_ends_a_batch_before_anything_is_connected(self):
        listener = self.listener()
        window = self.at_terminal("-batch", f"127.0.0.1:{listener.port}")
        self.answer(window, "wrong")
        self.assertEqual(window.end(), 2)
        self.assertIn("does not open", window.text)
        self.assertFalse(listener.was_called(0))

    def test_what_one_target_names_is_not_asked_for_in_the_middle(self):
        targets = self.file("list", f"127.0.0.1:{self.port} -key {self.key} "
                            f"-cert {self.pki / 'client.pem'}\n")
        window = terminal.Terminal("-targets", targets, "-report", "csv",
                                   "-fields", "status,code")
        self.addCleanup(window.close)
        self.assertEqual(window.end(), 1)
        self.assertIn("config,secret", window.text)
        self.assertNotIn("Enter", window.text)

    def test_without_a_terminal_nobody_is_asked(self):
        run = self.run_program(*self.words, "-batch",
                               f"127.0.0.1:{self.port}", status=2,
                               stdin="secret\n")
        self.assertIn("is encrypted; say with -pass", run.err)
