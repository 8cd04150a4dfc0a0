"""What is loaded into OpenSSL: providers, engines, random state."""

import os
import pathlib
import shutil
import subprocess

from fleet.case import FlowCase
from fleet.place import TOOLS
from fleet.program import run

ENGINE = TOOLS / "test_engine.so"
STATE = 1024  # bytes that -writerand saves


def modules():
    """Where this openssl keeps its providers."""
    said = subprocess.run(["openssl", "version", "-m"], capture_output=True,
                          text=True, check=True).stdout
    return pathlib.Path(said.split('"')[1])


def has_engines():
    listed = subprocess.run(["openssl", "list", "-disabled"], text=True,
                            capture_output=True, check=True).stdout
    return "ENGINE" not in listed.upper().split()


class LibraryCase(FlowCase):
    """A server that lets in nobody without a certificate."""

    def setUp(self):
        super().setUp()
        self.port = self.s_server("-Verify", "2", "-CAfile", self.ca,
                                  "-verify_return_error")
        self.target = f"a.demo.test@127.0.0.1:{self.port}"
        self.chain = ("-cert_chain", self.pki / "int.pem")

    def session(self, *words, **how):
        """One target as s_client has it, and then a line of input."""
        return run("-interactive", "-connect", f"127.0.0.1:{self.port}",
                   "-CAfile", self.ca, "-servername", "a.demo.test", *words,
                   stdin="GET / HTTP/1.0\r\n\r\n", **how)

    def assertLetIn(self, session):
        self.assertEqual(session.status, 0, session)
        self.assertIn("HTTP/1.0 200", session.out, session)


class Providers(LibraryCase):
    def setUp(self):
        super().setUp()
        self.legacy = modules() / "legacy.so"
        if not self.legacy.exists():
            self.skipTest("this OpenSSL has no legacy provider")
        # A key that only RC2 opens, and the provider that has it by a name
        # that no other folder knows.
        self.p12 = self.folder / "old.p12"
        subprocess.run(
            ["openssl", "pkcs12", "-export", "-legacy", "-in",
             self.pki / "client.pem", "-inkey", self.pki / "client.key",
             "-passout", "pass:secret", "-out", self.p12],
            check=True, capture_output=True)
        self.path = self.folder / "modules"
        self.path.mkdir()
        shutil.copy(self.legacy, self.path / "antique.so")
        self.old = ("-cert", self.p12, "-key", self.p12, "-pass", "pass:secret",
                    *self.chain)

    def test_what_a_provider_can_do_is_done(self):
        run = self.run_program("-batch", *self.old, self.target, status=2)
        self.assertSentence(run, "-key", str(self.p12))
        for words in (("-provider", "legacy"),
                      ("-provider-path", self.path, "-provider", "antique")):
            with self.subTest(words):
                self.assertFields(
                    self.record(*words, "-provider", "default", *self.old,
                                self.target),
                    status="ok", verified="yes")

    def test_in_a_session_too(self):
        self.assertNotEqual(self.session(*self.old).status, 0)
        self.assertLetIn(self.session(
            "-provider-path", self.path, "-provider", "antique", "-provider",
            "default", *self.old))

    def test_a_path_is_for_the_providers_after_it(self):
        run = self.run_program(
            "-batch", "-provider", "antique", "-provider-path", self.path,
            "-provider", "default", self.target, status=2)
        self.assertSentence(run, "'antique'", "-provider-path")

    def test_only_those_that_are_named_are_at_work(self):
        run = self.run_program("-batch", "-provider", "legacy", self.target,
                               status=2)
        self.assertSentence(run, "-provider", "default")

    def test_each_target_has_its_own(self):
        kinds = (("legacy", "provider: [legacy, default]", "ok"),
                 ("antique", f"provider-path: {self.path}\n"
                             "    provider: [antique, default]", "ok"),
                 ("default", "provider: [default]", "config"),
                 ("none", "tags: { without: provider }", "config"),
                 ("query", "provider: [legacy, default]\n"
                           "    propquery: '?provider=legacy'", "ok"),
                 ("nothing", "propquery: provider=nosuch", "config"),
                 ("missing", "provider: [nosuch, default]", "config"))
        entries = "".join(
            f"  - connect: {kind}{n}.demo.test@127.0.0.1:{self.port}\n"
            f"    cert: {self.p12}\n    key: {self.p12}\n"
            f"    pass: pass:secret\n    cert_chain: {self.pki / 'int.pem'}\n"
            f"    {words}\n"
            for n in range(8) for kind, words, _ in kinds)
        listed = self.file("list.yaml", "targets:\n" + entries)
        run = self.run_program("-targets", listed, "-report", "csv", "-fields",
                               "host,status,error", "-CAfile", self.ca,
                               "-workers", "16", "-per_address", "16", status=1)
        found = run.csv()
        self.assertEqual([r["status"] for r in found],
                         [status for _, _, status in kinds] * 8, run)
        for record in found:
            if record["host"].startswith("missing"):
                self.assertIn("nosuch", record["error"])

    def test_a_query_reaches_openssl(self):
        self.assertFields(self.record("-propquery", "provider=default",
                                      "-cert", self.pki / "client.pem", "-key",
                                      self.pki / "client.key", *self.chain,
                                      self.target), status="ok")
        run = self.run_program("-batch", "-propquery", "provider=nosuch",
                               self.target, status=2)
        self.assertSentence(run, "-propquery", "provider=nosuch", "cipher")

    def test_a_parameter_is_for_newer_versions(self):
        run = self.run_program("-batch", "-report", "csv", "-provider", "default",
                               "-provparam", "default:no-such=1", "-cert",
                               self.pki / "client.pem", "-key",
                               self.pki / "client.key", *self.chain,
                               self.target)
        if run.status == 2:
            self.assertSentence(run, "-provparam")
        else:
            self.assertFields(run.csv()[0], status="ok")


class Engines(LibraryCase):
    def setUp(self):
        super().setUp()
        if not has_engines():
            self.skipTest("this OpenSSL has no engines")
        self.env = {"TEST_ENGINE_CERT": str(self.pki / "client.pem"),
                    "TEST_ENGINE_KEY": str(self.pki / "client.key")}
        self.key = ("-cert", self.pki / "client.pem", *self.chain, "-engine",
                    ENGINE, "-keyform", "ENGINE", "-key")
        # It chooses a certificate without those that issued it.
        self.issued = self.s_server("-Verify", "2", "-CAfile",
                                    self.pki / "both.pem",
                                    "-verify_return_error")

    def test_an_engine_has_the_key(self):
        name = self.pki / "client.key"
        self.assertFields(self.record(*self.key, name, self.target),
                          status="ok")
        said = self.session(*self.key, name)
        self.assertLetIn(said)
        self.assertIn('Engine "test_engine" set.\n', said.err)

    def test_many_contexts_share_an_engine(self):
        text = "".join(
            f"n{n}.demo.test@127.0.0.1:{self.port} -alpn p{n}\n"
            for n in range(16))
        run = self.run_program("-targets", self.file("list", text), *self.key,
                               self.pki / "client.key", "-CAfile", self.ca,
                               "-report", "csv", "-fields", "status,error",
                               "-workers", "8", status=0)
        self.assertEqual([r["status"] for r in run.csv()], ["ok"] * 16)

    def test_a_key_that_it_does_not_have(self):
        run = self.run_program("-batch", *self.key, "/nowhere", self.target,
                               status=2)
        self.assertSentence(run, "-key", "/nowhere", str(ENGINE))

    def test_it_is_the_process_s_and_not_a_target_s(self):
        text = f"targets:\n  - connect: {self.target}\n    engine: {ENGINE}\n"
        run = self.run_program("-targets", self.file("list.yaml", text),
                               status=2)
        self.assertSentence(run, "engine", "list.yaml:3")

    def test_an_engine_chooses_the_certificate(self):
        target = f"a.demo.test@127.0.0.1:{self.issued}"
        record = self.record("-fields", "all", "-ssl_client_engine", ENGINE,
                             target, env=self.env)
        self.assertFields(record, status="ok", client_cert_requested="yes")
        self.port = self.issued
        said = self.session("-ssl_client_engine", ENGINE, env=self.env)
        self.assertLetIn(said)
        self.assertIn('Engine "test_engine" set.\n', said.err)

    def test_without_a_certificate_it_chooses_none(self):
        record = self.record("-tls1_2", "-ssl_client_engine", ENGINE,
                             self.target, status=1)
        self.assertFields(record, status="failed",
                          code="client_cert_required")

    def test_targets_with_and_without_one(self):
        """The engine chooses for those targets alone that say so."""
        text = "targets:\n" + "".join(
            f"  - connect: n{n}.demo.test@127.0.0.1:{self.issued}\n"
            f"    alpn: p{n}\n    max_protocol: TLSv1.2\n"
            + (f"    ssl_client_engine: {ENGINE}\n" if n % 2 else "")
            for n in range(16))
        run = self.run_program("-targets", self.file("list.yaml", text),
                               "-CAfile", self.ca, "-report", "csv", "-fields",
                               "status,error", "-workers", "16",
                               "-per_address", "16", env=self.env, status=1)
        self.assertEqual([r["status"] for r in run.csv()],
                         ["failed", "ok"] * 8, run)

    def test_an_engine_that_cannot_be_had(self):
        for option in ("-engine", "-ssl_client_engine"):
            with self.subTest(option):
                run = self.run_program("-batch", option, "/nowhere.so",
                                       self.target, status=2)
                self.assertSentence(run, option, "/nowhere.so")


class RandomState(LibraryCase):
    def setUp(self):
        super().setUp()
        self.own = ("-cert", self.pki / "client.pem", "-key",
                    self.pki / "client.key", *self.chain)
        self.seed = self.file("seed", os.urandom(STATE))
        self.state = self.folder / "state"

    def saved(self):
        self.assertEqual(self.state.stat().st_mode & 0o7777, 0o600)
        return self.state.read_bytes()

    def test_files_are_mixed_in_and_state_is_saved(self):
        words = ("-rand", f"{self.seed}:{self.ca}", "-writerand", self.state,
                 *self.own)
        states = set()
        for _ in range(2):
            self.assertFields(self.record(*words, self.target), status="ok")
            states.add(self.saved())
            self.assertLetIn(self.session(*words))
            states.add(self.saved())
        self.assertEqual({len(state) for state in states}, {STATE})
        self.assertEqual(len(states), 4)
        # What was saved is good for the next run.
        self.assertFields(self.record("-rand", self.state, *self.own,
                                      self.target), status="ok")

    def test_a_file_that_cannot_be_read_ends_it_before_it_begins(self):
        listener = self.listener()
        for names, wrong in (("/nowhere", "/nowhere"),
                             (f"{self.seed}:/nowhere:{self.ca}", "/nowhere")):
            with self.subTest(names):
                words = ("-rand", names, f"127.0.0.1:{listener.port}")
                self.assertSentence(
                    self.run_program("-batch", *words, status=2), "-rand", wrong)
                self.assertEqual(run(*words).status, 1)
                self.assertFalse(listener.was_called())

    def test_state_that_cannot_be_saved_is_told_at_the_end(self):
        run = self.run_program("-batch", "-report", "csv", "-CAfile", self.ca,
                               *self.own, "-writerand", "/nowhere/state",
                               self.target, status=3)
        self.assertFields(run.csv()[0], status="ok")
        self.assertIn("/nowhere/state", run.err)
        said = self.session(*self.own, "-writerand", "/nowhere/state")
        self.assertEqual(said.status, 1, said)
        self.assertIn("HTTP/1.0 200", said.out)
        self.assertIn("Cannot write random bytes:\n", said.err)

    def test_they_are_for_the_process_and_not_for_a_target(self):
        for option in ("rand", "writerand"):
            with self.subTest(option):
                text = (f"targets:\n  - connect: {self.target}\n"
                        f"    {option}: {self.seed}\n")
                run = self.run_program("-targets", self.file("list.yaml", text),
                                       status=2)
                self.assertSentence(run, option, "list.yaml:3")
