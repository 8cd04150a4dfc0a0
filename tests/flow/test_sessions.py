"""What one connection leaves for the next: sessions, tickets, early data."""

import os
import subprocess

from fleet.case import FlowCase
from fleet.heard import heard

FIELDS = ("status,stage,code,error,verified,verify_code,name_match,subject,"
          "chain_length,protocol,resumed,resumptions,session_id,"
          "ticket_lifetime,max_early_data,early_data,response,warnings")
NO_CHAIN = "whether its certificate is to be trusted cannot be told"


class Session(FlowCase):
    def look(self, port, *words, **how):
        return self.record("-fields", FIELDS, *words,
                           f"a.demo.test@127.0.0.1:{port}", **how)

    def saved(self, port, *words):
        path = self.folder / "session.pem"
        self.assertFields(self.look(port, *words, "-sess_out", path),
                          status="ok", resumed="no")
        return path

    # ---- -sess_out, -sess_in

    def test_a_session_is_saved_for_us_alone_and_resumed(self):
        port = self.s_server()
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                path = self.saved(port, version)
                self.assertEqual(path.stat().st_mode & 0o777, 0o600)
                text = subprocess.run(
                    ["openssl", "sess_id", "-in", path, "-noout", "-text"],
                    check=True, capture_output=True, text=True).stdout
                self.assertIn(f"TLSv1.{version[-1]}", text)
                record = self.look(port, version, "-sess_in", path,
                                   "-nameopt", "oneline")
                self.assertFields(record, status="ok", resumed="yes",
                                  name_match="yes",
                                  subject="O = tlsfleet test, "
                                          "CN = server.demo.test")
                os.remove(path)

    def test_the_file_holds_a_session_that_was_not_used_yet(self):
        port = self.s_server("-tls1_3")
        path = self.saved(port)
        before = path.read_text()
        self.look(port, "-sess_in", path, "-sess_out", path)
        self.assertNotEqual(path.read_text(), before)
        self.assertFields(self.look(port, "-sess_in", path), resumed="yes")

    def test_s_client_reads_our_sessions_and_we_read_its(self):
        port = self.s_server("-tls1_2")
        path = self.saved(port)
        client = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}"]
        said = subprocess.run([*client, "-sess_in", path], check=True,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True).stdout
        self.assertIn("Reused, TLSv1.2", said)
        theirs = self.folder / "theirs.pem"
        subprocess.run([*client, "-sess_out", theirs], check=True,
                       stdin=subprocess.DEVNULL, capture_output=True)
        self.assertFields(self.look(port, "-sess_in", theirs), resumed="yes")

    def test_a_session_that_another_server_left_makes_a_new_one(self):
        path = self.saved(self.s_server())
        self.assertFields(self.look(self.s_server(), "-sess_in", path),
                          status="ok", resumed="no", verified="yes")

    def test_many_targets_have_a_file_each(self):
        port = self.s_server()
        targets = [f"{name}.demo.test@127.0.0.1:{port}" for name in "ab"]
        names = self.folder / "{index}-{host}.pem"
        self.records("-sess_out", names, *targets, status=0)
        self.assertEqual(sorted(p.name for p in self.folder.glob("*.pem")),
                         ["1-a.demo.test.pem", "2-b.demo.test.pem"])
        run = self.run_program("-sess_out", self.folder / "one.pem", *targets,
                               status=2)
        self.assertSentence(run, "-sess_out", "{index}")

    def test_a_link_is_not_written_through(self):
        port = self.s_server()
        kept = self.file("kept", "mine")
        link = self.folder / "link"
        link.symlink_to(kept)
        record = self.look(port, "-sess_out", link, status=1)
        self.assertFields(record, status="config", code="file")
        self.assertIn("symbolic link", record["error"])
        self.assertEqual(kept.read_text(), "mine")

    def test_no_session_no_file(self):
        port = self.s_server("-tls1_3", "-num_tickets", "0")
        path = self.folder / "none.pem"
        record = self.look(port, "-sess_out", path, status=0)
        self.assertFields(record, status="ok", session_id="none",
                          ticket_lifetime="none", max_early_data="none")
        self.assertIn("left no session to save", record["warnings"])
        self.assertFalse(path.exists())

    def test_a_list_can_say_it(self):
        port = self.s_server()
        path = self.saved(port)
        listed = self.file("list.yaml", f"""
defaults: {{ CAfile: {self.ca}, sess_out: "{self.folder}/{{index}}.pem" }}
targets:
  - a.demo.test@127.0.0.1:{port}
  - connect: a.demo.test@127.0.0.1:{port}
    sess_in: {path.name}
""")
        run = self.run_program("-targets", listed, "-report", "csv", status=0)
        self.assertEqual([r["resumed"] for r in run.csv()], ["no", "yes"])
        self.assertTrue((self.folder / "2.pem").exists())

    def test_a_file_without_a_session_is_told_before_anything_is_connected(self):
        listener = self.listener()
        target = f"127.0.0.1:{listener.port}"
        for path, part in ((self.ca, "holds no session"),
                           (self.folder / "none", "No such file"),
                           (self.folder, "not a regular file")):
            with self.subTest(part):
                run = self.run_program("-batch", "-sess_in", path, target,
                                       status=2)
                self.assertSentence(run, "-sess_in", str(path), part)
        self.assertFalse(listener.was_called())

    # ---- what a resumed session proves

    def test_without_a_chain_nothing_is_claimed(self):
        port = self.s_server()
        record = self.look(port, "-sess_in", self.saved(port), status=0)
        self.assertFields(record, verified="not_asked", chain_length="",
                          verify_code="not_asked", name_match="yes")
        self.assertIn(NO_CHAIN, record["warnings"])

    def test_trust_is_that_of_now(self):
        port = self.s_server()
        path = self.saved(port)
        record = self.look(port, "-CAfile", self.pki / "both.pem",
                           "-partial_chain", "-sess_in", path)
        self.assertFields(record, resumed="yes", verified="yes",
                          verify_code="0")
        self.assertNotIn(NO_CHAIN, record["warnings"])

    def test_what_has_expired_is_not_verified(self):
        port = self.s_server(cert="expired")
        path = self.folder / "session.pem"
        self.look(port, "-sess_out", path, status=1)
        record = self.look(port, "-sess_in", path, status=1)
        self.assertFields(record, resumed="yes", verified="no",
                          verify_code="10")

    # ---- tickets

    def test_without_a_ticket_the_server_remembers(self):
        port = self.s_server("-tls1_2")
        path = self.saved(port, "-no_ticket")
        record = self.look(port, "-no_ticket", "-sess_in", path)
        self.assertFields(record, resumed="yes", ticket_lifetime="none")

    def test_a_server_without_tickets_still_sends_them_in_tls_1_3(self):
        port = self.s_server("-tls1_3", "-no_ticket")
        self.assertFields(self.look(port, "-sess_in", self.saved(port)),
                          resumed="yes")

    def test_a_ticket_that_nobody_asks_about_is_not_waited_for(self):
        port = self.s_server("-tls1_3", "-num_tickets", "0")
        grace = 200  # milliseconds, at least
        times = [float(self.record("-fields", "ms_total",
                                   f"127.0.0.1:{port}")["ms_total"])
                 for _ in range(5)]
        waited = self.record("-fields", "ms_total,session_id",
                             f"127.0.0.1:{port}")
        self.assertGreaterEqual(float(waited["ms_total"]), grace)
        self.assertLess(min(times), float(waited["ms_total"]))
        self.assertFields(waited, session_id="none")

    # ---- -reconnect

    def test_five_more_connections_resume(self):
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version), heard(version) as server:
                record = self.look(server.port, "-reconnect", status=0)
                self.assertFields(
                    record, status="ok", resumed="yes", verified="yes",
                    resumptions="new; " + "; ".join(["reused"] * 5))
                said = server.text()
                self.assertEqual(said.count("CIPHER is"), 6, said)
                self.assertEqual(said.count("Reused session-id"), 5, said)

    def test_a_server_that_forgets_is_found_out(self):
        port = self.s_server("-tls1_3", "-num_tickets", "0")
        record = self.look(port, "-reconnect", status=0)
        self.assertFields(record, status="ok", resumed="no",
                          resumptions="; ".join(["new"] * 6))

    def test_a_server_that_goes_away_meanwhile_is_a_failure(self):
        with heard("-naccept", "3") as server:
            record = self.look(server.port, "-reconnect", "-retries", "0",
                               status=1)
        self.assertFields(record, status="failed", verified="yes",
                          resumptions="new; reused; reused")
        # A connection that was queued when the listener closed is reset, in
        # whatever stage it is by then; a later one is refused.
        self.assertIn((record["stage"], record["code"]),
                      [("connect", "connect_refused"), ("connect", "reset"),
                       ("handshake", "reset")])

    def test_it_goes_on_with_a_session_of_before(self):
        port = self.s_server()
        record = self.look(port, "-sess_in", self.saved(port), "-reconnect")
        self.assertFields(record, resumed="yes",
                          resumptions="; ".join(["reused"] * 6))

    def test_courtesy_does_not_stand_in_its_way(self):
        port = self.s_server()
        targets = [f"a.demo.test@127.0.0.1:{port}"] * 3
        found = self.records("-per_address", "1", "-rate", "1000",
                             "-reconnect", "-fields", "status,resumed",
                             *targets, status=0)
        self.assertEqual([r["resumed"] for r in found], ["yes"] * 3)

    # ---- -early_data

    def early(self, server, *words, **how):
        return self.look(server.port, "-early_data", self.early_file, *words,
                         **how)

    def setUp(self):
        super().setUp()
        self.early_file = self.file("early", "knock, knock\n")

    def test_early_data_is_accepted_once(self):
        with heard("-early_data") as server:
            path = self.saved(server.port)
            self.assertFields(self.early(server, "-sess_in", path),
                              status="ok", resumed="yes",
                              early_data="accepted")
            # The server has forgotten the session: it could be a replay.
            self.assertFields(self.early(server, "-sess_in", path),
                              status="ok", resumed="no",
                              early_data="rejected")
            said = server.text()
            self.assertEqual(said.count("knock, knock"), 1, said)

    def test_early_data_needs_leave(self):
        with heard("-tls1_3") as server:
            path = self.saved(server.port)
            record = self.early(server, "-sess_in", path)
            self.assertFields(record, resumed="yes", early_data="not_sent")
            self.assertIn("allows no early data", record["warnings"])
            record = self.early(server)
            self.assertFields(record, early_data="not_sent")
            self.assertIn("nothing is sent without a session",
                          record["warnings"])
            self.assertNotIn("knock", server.text())

    def test_early_data_is_a_matter_of_tls_1_3(self):
        with heard("-early_data") as server:
            path = self.saved(server.port)
            record = self.early(server, "-sess_in", path, "-tls1_2")
            self.assertFields(record, status="ok", resumed="no",
                              protocol="TLSv1.2", early_data="not_sent")
            self.assertNotIn("knock", server.text())

    def test_early_data_goes_with_a_key_that_is_a_session(self):
        with heard("-early_data") as server:
            path = self.saved(server.port)
        with heard("-early_data", "-psk_session", path, "-psk_identity",
                   "me") as server:
            record = self.early(server, "-psk_session", path, "-psk_identity",
                                "me")
            self.assertFields(record, status="ok", early_data="accepted")
            self.assertIn("knock, knock", server.text())

    def test_early_data_goes_with_every_reconnect(self):
        with heard("-early_data") as server:
            record = self.early(server, "-reconnect")
            self.assertFields(record, status="ok", resumed="yes",
                              early_data="accepted")
            self.assertEqual(server.text().count("knock, knock"), 5)

    def test_early_data_that_one_reconnect_lost_was_not_accepted(self):
        with heard("-early_data") as server:
            path = self.saved(server.port)
            self.early(server, "-sess_in", path)
            record = self.early(server, "-sess_in", path, "-reconnect")
            self.assertFields(record, status="ok", early_data="rejected")
            self.assertEqual(server.text().count("knock, knock"), 6)

    def test_early_data_that_is_too_long_is_told_before_anything_is_sent(self):
        with heard("-early_data", "-max_early_data", "4") as server:
            path = self.saved(server.port)
            run = self.run_program(
                "-batch", "-sess_in", path, "-early_data", self.early_file,
                f"127.0.0.1:{server.port}", status=2)
            self.assertSentence(run, "-early_data", "has 13 bytes",
                                "the session allows 4")


class Request(FlowCase):
    """-input: a question and its answer."""

    def ask(self, port, text, *words, **how):
        return self.record("-fields", FIELDS, "-input",
                           self.file("input", text), *words,
                           f"a.demo.test@127.0.0.1:{port}", **how)

    def test_the_answer_is_a_field(self):
        port = self.s_server()
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                record = self.ask(port, "GET / HTTP/1.0\r\n\r\n", version,
                                  status=0)
                self.assertFields(record, status="ok", stage="done")
                self.assertTrue(record["response"].startswith(
                    r"HTTP/1.0 200 ok\x0D\x0A"), record["response"])
                self.assertNeutral(record["response"])

    def test_it_is_not_asked_unless_somebody_asks(self):
        record = self.record("-fields", FIELDS,
                             f"127.0.0.1:{self.s_server()}")
        self.assertFields(record, response="not_asked",
                          resumptions="not_asked", early_data="not_asked")

    def test_a_long_answer_is_kept_in_part(self):
        port, = self.nginx("location / { return 200 '%s'; }" % ("x" * 3500)
                           + " add_header X-Long %s;" % ("y" * 3000))
        record = self.ask(port, "GET / HTTP/1.0\r\n\r\n", status=0)
        self.assertEqual(len(record["response"].replace(r"\x0D\x0A", "\r\n")),
                         4096)

    def test_a_server_that_says_nothing_is_not_waited_for_for_ever(self):
        with heard() as server:
            record = self.ask(server.port, "hello\n", "-handshake_timeout",
                              "2", "-retries", "0", status=1)
            self.assertFields(record, status="timeout", stage="request",
                              code="timeout", verified="yes", response="")
            self.assertIn("hello", server.text())

    def test_the_deadline_holds_for_it_too(self):
        with heard() as server:
            record = self.ask(server.port, "hello\n", "-deadline", "2",
                              status=1)
            self.assertFields(record, status="timeout", stage="request",
                              code="deadline")

    def test_a_list_can_say_it(self):
        port = self.s_server()
        self.file("request", "GET / HTTP/1.0\r\n\r\n")
        listed = self.file("list.yaml", f"""
defaults: {{ CAfile: {self.ca} }}
profiles: {{ web: {{ input: request }} }}
targets:
  - {{ connect: "a.demo.test@127.0.0.1:{port}", profiles: [web] }}
  - a.demo.test@127.0.0.1:{port}
""")
        run = self.run_program("-targets", listed, "-report", "csv", "-fields",
                               "response", status=0)
        asked, silent = run.csv()
        self.assertIn("200 ok", asked["response"])
        self.assertEqual(silent["response"], "not_asked")

    def test_a_file_that_is_none_is_told_before_anything_is_connected(self):
        listener = self.listener()
        run = self.run_program("-input", "/dev/zero",
                               f"127.0.0.1:{listener.port}", status=2)
        self.assertSentence(run, "-input", "/dev/zero", "not a regular file")
        self.assertFalse(listener.was_called())
