"""Bad input gets a sentence, exit 2, and nothing is connected or written."""

from fleet.case import FlowCase


class BadWords(FlowCase):
    def refused(self, *words, says, **how):
        run = self.run_program(*words, status=2, **how)
        self.assertSentence(run, *says)
        return run

    def test_each_gets_its_sentence(self):
        rows = (
            # words, what the sentence must hold
            (("-chiper", "x", "a.example"), ("-chiper", "did you mean", "-cipher")),
            (("--bogusword", "a.example"), ("bogusword",)),
            (("-workers", "many", "a.example"), ("-workers", "many")),
            (("-workers", "0", "a.example"), ("-workers", "0")),
            (("-workers", "-3", "a.example"), ("-workers", "-3")),
            (("-deadline", "soon", "a.example"), ("-deadline", "soon")),
            (("-connect_timeout", "1e3", "a.example"), ("-connect_timeout", "1e3")),
            (("a.example", "-alpn"), ("-alpn",)),
            (("-brief=yes", "a.example"), ("-brief",)),
            (("-report", "cvs", "a.example"), ("cvs", "csv")),
            (("-fields", "statsu", "a.example"), ("statsu", "status")),
            (("-fields", "host,host", "a.example"), ("host",)),
            (("-fail_on", "nothing", "a.example"), ("nothing",)),
            (("-shard", "4/3", "a.example"), ("-shard", "4/3")),
            (("-shard", "half", "a.example"), ("-shard", "half")),
            (("-min_protocol", "TLSv1.4", "a.example"),
             ("-min_protocol", "TLSv1.4", "TLSv1.3")),
            (("-bad_lines", "maybe", "a.example"), ("-bad_lines", "maybe")),
            (("-4", "-6", "a.example"), ("-4", "-6")),
            (("-servername", "x", "-noservername", "a.example"),
             ("-servername", "-noservername")),
            (("-connect", "a.example:1", "b.example:1"), ("-connect",)),
            (("-unix", "/nowhere", "b.example:1"), ("-unix",)),
            (("a.example:http:1",), ("a.example:http:1",)),
            (("a.example:99999",), ("99999",)),
            (("bogus://a.example",), ("bogus",)),
            ((), ("target",)),
            (("-targets", "/nowhere/list"), ("/nowhere/list", "No such file")),
            (("-targets", "/"), ("/",)),
            (("-profile", "modern", "a.example"), ("modern",)),
            (("-CAfile", "/nowhere/ca.pem", "a.example"),
             ("/nowhere/ca.pem",)),
            (("-cipher", "NOSUCH", "a.example"), ("NOSUCH",)),
            (("-groups", "P-257", "a.example"), ("P-257",)),
            (("-verify_name", "nobody", "a.example"), ("nobody",)),
            (("-help=nonsense",), ("nonsense",)),
        )
        for words, says in rows:
            with self.subTest(words):
                self.refused("-batch", *words, says=says)

    def test_an_option_this_openssl_lacks_says_so(self):
        self.refused("-batch", "-quic", "a.example", says=("-quic",))

    def test_a_bad_word_after_a_good_target_connects_nothing(self):
        listener = self.listener()
        out = self.folder / "out.csv"
        target = f"127.0.0.1:{listener.port}"
        rows = (("-batch", target, "-CAfile", "/nowhere.pem"),
                ("-batch", target, "-bogus"),
                ("-batch", target, "-cert", "/nowhere.pem"),
                ("-batch", target, "bad:port:here"),
                ("-targets", self.file("bad", f"targets:\n - {target}\n - x: 1\n")))
        for words in rows:
            with self.subTest(words):
                self.run_program(*words, "-report", f"csv={out}", status=2)
                self.assertFalse(listener.was_called())
                self.assertFalse(out.exists())
                self.assertEqual([p.name for p in self.folder.iterdir()
                                  if "out" in p.name], [])

    def test_no_words_at_all_say_how_to_start(self):
        run = self.run_program(status=2)
        self.assertEqual(len(run.err.splitlines()), 5, run)
        for words in ("host[:port]", "tlsfleet www.example.com:443 ",
                      "tlsfleet -batch ", "tlsfleet -targets ", "-help"):
            self.assertIn(words, run.err)

    def test_a_session_is_no_scan(self):
        listener = self.listener()
        host = f"127.0.0.1:{listener.port}"
        hosts = self.file("hosts.txt", host + "\n")
        for words, said in ((("-targets", hosts), "-targets"),
                            (("-batch", host), "-batch"),
                            (("-dry_run", host), "-dry_run"),
                            ((host, "two.example"), "'two.example'")):
            with self.subTest(said):
                run = self.run_program("-interactive", *words, status=1)
                self.assertIn(said, run.err.splitlines()[-1])
                self.assertEqual(run.out, "")
        self.assertFalse(listener.was_called())

    def test_hostile_words_are_shown_harmless(self):
        run = self.run_program("-batch", "-\x1b]2;x\x07", "a.example", status=2)
        self.assertNeutral(run.err)


class BadLists(FlowCase):
    """A list's complaints come all in one go, each with its place."""

    def refused(self, text, *says, name="list.yaml", words=()):
        path = self.file(name, text)
        run = self.run_program("-targets", path, *words, status=2)
        self.assertSentence(run, *says)
        self.assertNeutral(run.err)
        return run

    def test_each_gets_its_place(self):
        rows = (
            ("targets:\n  - connect: a.example\n    bogus: 1\n",
             (":3:5:", "bogus")),
            ("targets:\n  - connect: a.example\n    chiper: X\n",
             (":3:5:", "chiper", "cipher")),
            ("targets:\n  - connect: a.example\n    alpn: h2\n    alpn: h3\n",
             (":4:5:", "alpn")),
            ("targets:\n  - connect: a.example\n    brief: perhaps\n",
             (":3:", "brief", "perhaps")),
            ("targets:\n  - connect: a.example\n    alpn: [h2, h3]\n",
             (":3:", "alpn")),
            ("targets:\n  - connect: a.example\n    deadline: no\n",
             (":3:", "deadline", "no")),
            ("targets:\n  - connect: a.example\n    profiles: [ghost]\n",
             (":", "ghost")),
            ("defaults: &a { alpn: h2 }\ntargets: [a.example]\n", (":1:",)),
            ("targets:\n  - *a\n", (":2:",)),
            ("targets: !!set [a.example]\n", (":1:",)),
            ("targets: [a.example]\ntargets: [b.example]\n", (":2:1:", "targets")),
            ("targets: [a.example]\ndefaults: { alpn: h2 }\n", (":2:1:", "defaults")),
            ("defaults:\n  workers: 3\ntargets: [a.example]\n", (":2:3:", "workers")),
            ("targets: [a.example\n", (":",)),
            ("targets:\n\t- a\n", (":2:",)),
            ("targets: []\n", ("target",)),
            ("--- 1\n", (":1:",)),
            ("targets: [a.example]\n---\ntargets: [b.example]\n", (":2:",)),
            ("targets: [" + "[" * 40 + "]" * 40 + "]\n", (":1:",)),
            ("targets:\n  - alpn: h2\n", (":2:",)),
        )
        for text, says in rows:
            with self.subTest(text):
                self.refused(text, *says)

    def test_all_complaints_in_one_go(self):
        run = self.refused("targets:\n" + "".join(
            f"  - {{ connect: a{n}.example, bogus{n}: 1 }}\n" for n in range(30)))
        lines = run.err.splitlines()
        self.assertEqual(sum("bogus" in line for line in lines), 20, run)
        self.assertIn("10", lines[-1])

    def test_complaints_of_two_lists(self):
        first = self.file("first.yaml", "targets:\n  - { connect: a, bogus: 1 }\n")
        second = self.file("second", "b.example -bogus\n")
        run = self.run_program("-targets", first, "-targets", second, status=2)
        self.assertIn("first.yaml:2:", run.err)
        self.assertIn("second:1:", run.err)

    def test_a_plain_list_names_line_and_column(self):
        self.refused("# fine\n\na.example\nb.example -chiper X\n",
                     "plain:4:11:", "-chiper", "-cipher", name="plain")
        self.refused("a.example -alpn 'h2\n", "plain:1:", name="plain")

    def test_hostile_bytes_in_a_list_are_shown_harmless(self):
        self.refused(b"a.example -\x1b[2J\x9b\n", "plain:1:", name="plain")
        self.refused(b"targets:\n  - { connect: a, \"\\e]2\": 1 }\n", ":2:")

    def test_an_empty_list_is_refused(self):
        for text in ("", "\n\n# nothing\n", "---\n"):
            with self.subTest(text):
                self.refused(text, "target")


class HostClass(FlowCase):
    """A list that others can write may not touch this host."""

    WORDS = (("CAfile", "/etc/hostname"), ("cert", "/etc/hostname"),
             ("CApath", "/etc"), ("keylogfile", "/tmp/x"), ("bind", "127.0.0.1"),
             ("pass", "env:HOME"))

    def test_standard_input_may_not(self):
        for name, value in self.WORDS:
            with self.subTest(name):
                run = self.run_program(
                    "-targets", "-", status=2,
                    stdin=f"targets:\n  - connect: a.example\n    {name}: {value}\n")
                self.assertSentence(run, name, ":3:", "-trust_targets")
                run = self.run_program("-targets", "-", status=2,
                                       stdin=f"a.example -{name} {value}\n")
                self.assertSentence(run, name, ":1:")

    def test_a_file_that_others_can_write_may_not(self):
        path = self.file("list", "a.example -CAfile /etc/hostname\n")
        path.chmod(0o666)
        run = self.run_program("-targets", path, status=2)
        self.assertSentence(run, "CAfile", ":1:")

    def test_trust_targets_allows_it(self):
        port = self.s_server()
        run = self.run_program(
            "-targets", "-", "-trust_targets", "-report", "csv", status=0,
            stdin=f"a.demo.test@127.0.0.1:{port} -CAfile {self.ca}\n")
        self.assertFields(run.csv()[0], verified="yes")
