"""Lists of every form, and what -dry_run tells about them."""

from fleet.case import FlowCase


class Forms(FlowCase):
    def setUp(self):
        super().setUp()
        self.port = self.peers("tls")["tls"]

    def test_a_plain_list_as_people_write_it(self):
        text = (f"\ufeff# a comment\r\n\r\n  a.demo.test@127.0.0.1:{self.port}\r\n"
                f"b.demo.test@127.0.0.1:{self.port} -alpn 'h2' # why\r\n"
                f"c.demo.test@127.0.0.1:{self.port}#no-comment\n"
                f"127.0.0.1:{self.port}")
        found = self.records("-targets", self.file("list", text), status=1)
        self.assertEqual([(r["host"], r["status"]) for r in found],
                         [("a.demo.test", "ok"), ("b.demo.test", "ok"),
                          (found[2]["host"], "invalid"), ("127.0.0.1", "ok")])

    def test_standard_input(self):
        for text in (f"a.demo.test@127.0.0.1:{self.port}\n",
                     f"targets: [ a.demo.test@127.0.0.1:{self.port} ]\n",
                     f"{{ targets: [ a.demo.test@127.0.0.1:{self.port} ] }}\n"):
            with self.subTest(text):
                found = self.records("-targets", "-", stdin=text, status=0)
                self.assertEqual([r["sni"] for r in found], ["a.demo.test"])

    def test_lists_and_hosts_mixed(self):
        plain = self.file("plain", f"a.demo.test@127.0.0.1:{self.port}\n")
        yaml = self.file("l.yaml",
                         f"targets: [ b.demo.test@127.0.0.1:{self.port} ]\n")
        found = self.records("-targets", plain, f"c.demo.test@127.0.0.1:{self.port}",
                             "-targets", yaml, "-targets", "-", status=0,
                             stdin=f"d.demo.test@127.0.0.1:{self.port}\n")
        self.assertEqual(sorted(r["sni"] for r in found),
                         [f"{c}.demo.test" for c in "abcd"])
        self.assertEqual([r["index"] for r in found], list("1234"))

    def test_a_bad_address_is_a_record_or_fatal(self):
        bad = self.file("bad", f"a.demo.test@127.0.0.1:{self.port}\nbad host::1\n"
                               f"-x\nb.demo.test@127.0.0.1:{self.port}\n")
        run = self.run_program("-targets", bad, "-bad_lines", "fatal", status=2)
        self.assertSentence(run, "bad:2:")
        bad = self.file("bad", f"a.demo.test@127.0.0.1:{self.port}\nbad::host::1\n"
                               f"b.demo.test@127.0.0.1:{self.port}\n")
        found = self.records("-targets", bad, status=1)
        self.assertEqual([r["status"] for r in found], ["ok", "invalid", "ok"])
        self.assertFields(found[1], stage="input", code="bad_address",
                          target="bad::host::1")

    def test_nothing_is_retyped(self):
        text = """
targets:
  - { connect: "no:08443" }
  - { connect: "1e3:0443", tags: { when: 2020-01-01, flag: no, n: 0x10 } }
"""
        run = self.run_program("-targets", self.file("l.yaml", text), "-dry_run",
                               status=0)
        for word in ("no:08443", "1e3:0443"):
            self.assertIn(word, run.out)

    def test_files_are_relative_to_the_list(self):
        (self.folder / "sub").mkdir()
        (self.folder / "sub" / "ca.pem").write_bytes(self.ca.read_bytes())
        path = self.file("sub/list.yaml", f"""
defaults: {{ CAfile: ca.pem }}
targets: [ a.demo.test@127.0.0.1:{self.port} ]
""")
        run = self.run_program("-targets", path, "-report", "csv", status=0)
        self.assertFields(run.csv()[0], verified="yes")

    def test_tags_are_carried_into_the_records(self):
        text = f"""
targets:
  - connect: a.demo.test@127.0.0.1:{self.port}
    tags: {{ team: payments, env: "a;b=c" }}
"""
        run = self.run_program("-targets", self.file("l.yaml", text), "-report",
                               "jsonl", "-fields", "all", "-CAfile", self.ca,
                               status=0)
        self.assertEqual(run.jsonl()[0]["tags"],
                         {"team": "payments", "env": "a;b=c"})

    def test_a_file_of_one_target_is_that_targets_fault(self):
        text = f"""
targets:
  - connect: a.demo.test@127.0.0.1:{self.port}
    cert: /nowhere/cert.pem
  - b.demo.test@127.0.0.1:{self.port}
"""
        found = self.records("-targets", self.file("l.yaml", text), status=1)
        self.assertEqual([r["status"] for r in found], ["config", "ok"])
        self.assertFields(found[0], code="file", stage="config")
        self.assertIn("/nowhere/cert.pem", found[0]["error"])

    def test_files_of_defaults_and_profiles_are_told_with_their_places(self):
        path = self.file("l.yaml", """
profiles:
  one: { cert: /nowhere/one.pem }
  two: { CRL: /nowhere/two.pem }
targets:
  - { connect: a.example, profiles: [one, two] }
  - { connect: b.example, cert: /nowhere/b.pem }
""")
        self.assertSentence(
            self.run_program("-targets", path, status=2),
            f"{path}:3:16: option '-cert': ", f"{path}:4:15: option '-CRL': ")


class DryRun(FlowCase):
    def test_it_tells_targets_and_options_and_connects_nothing(self):
        listener = self.listener()
        text = f"""
defaults: {{ alpn: h2 }}
profiles:
  modern: {{ min_protocol: TLSv1.3 }}
targets:
  - connect: 127.0.0.1:{listener.port}
    profiles: [modern]
  - smtps://mail.example
"""
        run = self.run_program("-targets", self.file("l.yaml", text), "-dry_run",
                               status=0)
        lines = [line for line in run.out.splitlines() if line.strip()]
        self.assertFalse(listener.was_called())
        first = next(line for line in lines if str(listener.port) in line)
        for part in ("-alpn h2", "-min_protocol TLSv1.3"):
            self.assertIn(part, first)
        second = next(line for line in lines if "mail.example" in line)
        self.assertIn("-alpn h2", second)
        self.assertNotIn("TLSv1.3", second)
        # Not an option of any target.
        self.assertNotIn("-dry_run", run.out)

    def test_it_checks_everything(self):
        path = self.file("list", "a.example -bogus\n")
        self.assertSentence(
            self.run_program("-targets", path, "-dry_run", status=2), "bogus")
        self.assertSentence(
            self.run_program("-dry_run", "-CAfile", "/nowhere.pem", "a.example",
                             status=2), "/nowhere.pem")

    def test_secrets_are_not_told(self):
        run = self.run_program("-dry_run", "-cert", self.pki / "client.pem", "-key",
                               self.pki / "client.enc.key", "-pass", "pass:secret",
                               "a.example", status=0)
        self.assertNotIn("secret", run.out + run.err)
