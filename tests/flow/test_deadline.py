"""Nothing outlives a target's deadline."""

from fleet.case import FlowCase
from fleet.place import SLOW, TOOLS

# How long a busy machine may keep a process waiting.  What does not heed its
# deadline waits for ever here.
GRACE = 15 * SLOW


class Deadlines(FlowCase):
    def timed(self, *words, deadline, env=None, status=1):
        run = self.run_program("-batch", "-report", "csv", "-deadline", deadline,
                               "-retries", "0", *words, status=status, env=env)
        self.assertLess(run.seconds, deadline + GRACE, run)
        return run.csv(), run.seconds

    def test_a_silent_server(self):
        port = self.peers("silent")["silent"]
        found, seconds = self.timed(f"127.0.0.1:{port}", deadline=1)
        self.assertFields(found[0], status="timeout", stage="handshake",
                          code="deadline")
        self.assertGreaterEqual(seconds, 1)
        self.assertGreaterEqual(float(found[0]["ms_total"]), 900)

    def test_one_byte_a_second_does_not_help(self):
        port = self.peers("trickle")["trickle"]
        found, _ = self.timed(f"127.0.0.1:{port}", deadline=2.5)
        self.assertFields(found[0], status="timeout", stage="handshake")

    def test_a_listener_with_a_full_backlog(self):
        port = self.peers("full")["full"]
        found, _ = self.timed(f"127.0.0.1:{port}", deadline=1)
        self.assertFields(found[0], status="timeout", stage="connect")

    def test_a_resolver_that_never_answers(self):
        found, _ = self.timed("never.stuck.test", deadline=1,
                              env={"LD_PRELOAD": str(TOOLS / "stuck_dns.so")})
        self.assertFields(found[0], status="timeout", stage="resolve",
                          address="")

    def test_a_resolver_that_hangs_for_some_does_not_stop_the_others(self):
        port = self.peers("tls")["tls"]
        names = [f"never{n}.stuck.test:1" for n in range(40)]
        names += [f"host{n}.stuck.test:{port}" for n in range(40)]
        found, _ = self.timed("-workers", "80", "-CAfile", self.ca, *names,
                              deadline=4 * SLOW,
                              env={"LD_PRELOAD": str(TOOLS / "stuck_dns.so")})
        self.assertEqual([r["status"] for r in found],
                         ["timeout"] * 40 + ["ok"] * 40)

    def test_many_at_once_end_together(self):
        ports = self.peers("silent", "trickle", "full")
        targets = [f"127.0.{n}.1:{port}" for n in range(1, 21)
                   for port in ports.values()]
        found, _ = self.timed("-workers", "60", *targets, deadline=2)
        self.assertEqual({r["status"] for r in found}, {"timeout"})
        self.assertEqual(len(found), 60)

    def test_retries_stay_inside_the_deadline(self):
        port = self.peers("silent")["silent"]
        found, _ = self.timed("-retries", "9", "-handshake_timeout", "0.3",
                              f"127.0.0.1:{port}", deadline=2)
        self.assertFields(found[0], status="timeout", stage="handshake")
        self.assertGreater(int(found[0]["attempts"]), 1)

    def test_a_stage_has_its_own_budget(self):
        ports = self.peers("silent", "full")
        found, _ = self.timed("-handshake_timeout", "0.5", "-connect_timeout",
                              "0.5", *(f"127.0.0.1:{p}" for p in ports.values()),
                              deadline=20)
        self.assertEqual([(r["stage"], r["code"]) for r in found],
                         [("handshake", "timeout"), ("connect", "connect_timeout")])
        for record in found:
            self.assertLess(float(record["ms_total"]), 500 + 1000 * GRACE)

    def test_waiting_for_its_turn_is_not_a_targets_time(self):
        """One worker, eight targets of 0.6 s each: together they take longer
        than each may."""
        port = self.peers("tls", options=["-delay", "600"])["tls"]
        found, _ = self.timed("-workers", "1", "-CAfile", self.ca,
                              *(f"a.demo.test@127.0.0.{n}:{port}"
                                for n in range(1, 9)),
                              deadline=3, status=0)
        self.assertEqual({r["status"] for r in found}, {"ok"})


class Names(FlowCase):
    """What name servers say."""

    ENV = {"LD_PRELOAD": str(TOOLS / "stuck_dns.so")}

    def test_each_answer_has_its_code(self):
        port = self.peers("tls")["tls"]
        found = self.records("-retries", "0", f"host.stuck.test:{port}",
                             "unknown.stuck.test", "again.stuck.test",
                             "fail.stuck.test", f"slow.stuck.test:{port}",
                             env=self.ENV, status=1)
        self.assertEqual(
            [(r["status"], r["stage"], r["code"]) for r in found],
            [("ok", "done", "none"), ("failed", "resolve", "name_unknown"),
             ("failed", "resolve", "name_temporary"),
             ("failed", "resolve", "name_failed"), ("ok", "done", "none")])
        self.assertEqual(found[0]["address"], "127.0.0.1")

    def test_only_a_temporary_failure_is_tried_again(self):
        found = self.records("-retries", "2", "again.stuck.test",
                             "unknown.stuck.test", env=self.ENV, status=1)
        self.assertEqual([r["attempts"] for r in found], ["3", "1"])
