"""A run that is killed at any instant goes on and ends as if it had not been."""

import os
import random
import signal
import subprocess
import time

from fleet import program
from fleet.case import FlowCase
from fleet.patience import PATIENCE
from fleet.place import INSTRUMENTED

# Killed runs until the report must be whole: few in every check, many in CI.
KILLS = int(os.environ.get("TLSFLEET_KILLS", "20"))
TARGETS = 200 if INSTRUMENTED else 2000
VOLATILE = ("ms_total", "attempts", "days_left", "address")


def facts(path):
    """The report without what may differ between two runs."""
    rows = program.read_csv(path.read_text(encoding="utf-8"))
    return [{k: v for k, v in row.items() if k not in VOLATILE} for row in rows]


class Resume(FlowCase):
    def setUp(self):
        super().setUp()
        self.port = self.peers("tls")["tls"]
        self.list = self.file("fleet.txt", "".join(
            f"127.{n // 62500 + 1}.{n // 250 % 250}.{n % 250 + 1}:{self.port}\n"
            for n in range(TARGETS)))
        self.report = self.folder / "fleet.csv"
        self.journal = self.folder / "fleet.csv.journal"
        self.words = ["-targets", self.list, "-CAfile", self.ca, "-fail_on",
                      "none", "-report", f"csv={self.report}"]

    def whole_run(self):
        run = self.run_program(*self.words, status=0, seconds=300)
        self.seconds = run.seconds
        found = facts(self.report)
        self.report.unlink()
        self.assertEqual(len(found), TARGETS)
        return found

    def kill_one(self, seed):
        """True when the run was killed before it was done.  A few of them go
        on from one another before one comes to its end."""
        process = program.start(*self.words, "-resume",
                                stderr=subprocess.DEVNULL)
        time.sleep(seed.uniform(0.0, 0.2 * self.seconds))
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def test_killed_runs_end_in_the_report_of_an_uninterrupted_one(self):
        wanted = self.whole_run()
        seed = random.Random(20261125)
        kills = 0
        while kills < KILLS:
            if self.kill_one(seed):
                kills += 1
            elif self.report.exists():
                self.assertEqual(facts(self.report), wanted)
                self.report.unlink()
        self.run_program(*self.words, "-resume", status=0, seconds=300)
        self.assertEqual(facts(self.report), wanted)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()),
                         ["fleet.csv", "fleet.txt"],
                         "neither journal nor temporary files are left")

    def begun_slowly(self):
        """A run that has entries in its journal and much left to do."""
        process = program.start(*self.words, "-rate", 10)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        end = time.monotonic() + PATIENCE
        while not self.journal.exists() or self.journal.stat().st_size < 2000:
            self.assertIsNone(process.poll(), "ended before it was looked at")
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        return process

    def killed_once(self):
        process = self.begun_slowly()
        process.send_signal(signal.SIGKILL)
        process.wait()

    def test_another_list_is_refused_and_named(self):
        self.killed_once()
        self.list.write_text(self.list.read_text() + "127.0.0.1:1\n")
        run = self.run_program(*self.words, "-resume", status=2)
        self.assertIn("list", run.err)
        self.assertIn("another run", run.err)
        self.assertFalse(self.report.exists())

    def test_other_options_are_refused_and_named(self):
        self.killed_once()
        run = self.run_program(*self.words, "-resume", "-alpn", "h2", status=2)
        self.assertIn("-alpn h2", run.err)

    def test_what_only_changes_the_pace_may_change(self):
        self.killed_once()
        self.run_program(*self.words, "-resume", "-workers", 9, status=0,
                         seconds=300)
        self.assertEqual(len(facts(self.report)), TARGETS)

    def has_entries(self):
        """Whether the journal has more than its head."""
        found = self.journal.read_bytes() if self.journal.exists() else b""
        return len(found) > 16 + int.from_bytes(found[8:12], "little")

    def test_the_same_words_and_resume_are_enough(self):
        """The run that was killed need not have said anything for it."""
        silent = self.listener()
        self.list.write_text(f"127.0.0.1:{silent.port}\n127.0.0.1:{self.port}\n")
        process = program.start(*self.words)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        end = time.monotonic() + PATIENCE
        while not self.has_entries():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        silent.close()
        run = self.run_program(*self.words, "-resume", status=0)
        self.assertIn("1 of 2 targets were done", run.err)
        self.assertEqual([row["code"] for row in facts(self.report)],
                         ["connect_refused", "none"])

    def test_without_resume_a_leftover_journal_gets_another_name(self):
        self.killed_once()
        run = self.run_program(*self.words, status=0, seconds=300)
        self.assertIn("fleet.csv.journal.old", run.err)
        self.assertTrue((self.folder / "fleet.csv.journal.old").exists())
        self.assertFalse(self.journal.exists())

    def test_a_run_that_cannot_begin_leaves_the_journal_alone(self):
        self.killed_once()
        before = self.journal.read_bytes()
        for more, status in ((f"jsonl={self.folder}/missing/x", 3),
                             (f"jsonl={self.folder}/./fleet.csv", 2)):
            self.run_program(*self.words, "-report", more, status=status)
            self.assertEqual(self.journal.read_bytes(), before)
        self.run_program(*self.words, "-resume", status=0, seconds=300)
        self.assertEqual(list(self.folder.glob("*.old")), [])

    def test_two_runs_at_once_are_refused(self):
        self.begun_slowly()
        run = self.run_program(*self.words, "-resume", status=2)
        self.assertIn("another run", run.err)

    def test_an_interrupted_run_can_be_resumed(self):
        process = self.begun_slowly()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 3)
        self.assertFalse(self.report.exists())
        self.run_program(*self.words, "-resume", status=0, seconds=300)
        found = facts(self.report)
        self.assertEqual([row["index"] for row in found],
                         [str(n) for n in range(1, TARGETS + 1)])
        self.assertEqual({row["status"] for row in found}, {"ok"})
