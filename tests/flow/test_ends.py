"""How a scan ends before its time, and what is left then."""

import os
import resource
import signal
import subprocess
import time
import unittest

from fleet import program
from fleet.case import FlowCase
from fleet.patience import PATIENCE
from fleet.place import INSTRUMENTED, SLOW


def until(happened):
    """Waits for it; the test fails when it never does."""
    end = time.monotonic() + 60 * SLOW
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(happened)
        time.sleep(0.02)


def signals(which, pid):
    """SigBlk: those that a process lets wait; ShdPnd: those that do."""
    with open(f"/proc/{pid}/status") as status:
        mask = next(int(line.split()[1], 16) for line in status
                    if line.startswith(which))
    return {number for number in signal.Signals if mask >> (number - 1) & 1}


class Signals(FlowCase):
    def interrupted(self, number, count=60, deadline=2):
        """Starts a scan of silent targets and interrupts it."""
        listener = self.listener()
        port = listener.port
        targets = self.file("list", "".join(
            f"127.0.0.1:{port}\n" for _ in range(count)))
        out = self.folder / "out.csv"
        process = program.start(
            "-targets", targets, "-report", f"csv={out}", "-deadline", deadline,
            "-retries", "0", "-workers", "5", "-progress", "none",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.assertTrue(listener.was_called(PATIENCE))
        process.send_signal(number)
        return process, out

    def left(self, out):
        """The report of a scan that did not end is named so."""
        self.assertFalse(out.exists())
        return program.read_csv(
            out.with_name(out.name + ".partial").read_text())

    def test_the_first_signal_drains(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                process, out = self.interrupted(number)
                _, err = process.communicate(timeout=60 * SLOW)
                self.assertEqual(process.returncode, 3, err)
                found = self.left(out)
                self.assertEqual(len(found), 60)
                self.assertEqual([r["index"] for r in found],
                                 [str(n) for n in range(1, 61)])
                became = [r["status"] for r in found]
                self.assertIn("timeout", became)
                self.assertEqual(set(became), {"timeout", "not_attempted"})
                skipped = found[became.index("not_attempted")]
                self.assertFields(skipped, code="interrupted")
                self.assertNotEqual(err, "")

    def test_the_second_signal_ends_at_once(self):
        process, _ = self.interrupted(signal.SIGINT, deadline=3600)
        process.send_signal(signal.SIGTERM)  # another: equal ones may merge
        process.communicate(timeout=60 * SLOW)
        self.assertEqual(process.returncode, 3)

    def test_what_the_run_was_begun_to_ignore_is_not_heeded(self):
        """As under nohup(1).  Heeded, it would be the first of two."""
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            process, out = self.interrupted(signal.SIGHUP)
        finally:
            signal.signal(signal.SIGHUP, before)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60 * SLOW)
        self.assertEqual((process.returncode, err.count("stopping")), (3, 1), err)
        self.assertEqual(len(self.left(out)), 60)

    def ended_at_once(self, *words):
        """What a run says that two signals have ended."""
        listener = self.listener()
        process = program.start(
            "-batch", f"127.0.0.1:{listener.port}", "-deadline", 600,
            "-handshake_timeout", 600, *words, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertTrue(listener.was_called(PATIENCE))
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60 * SLOW)
        self.assertEqual(process.returncode, 3)
        return out, err

    def test_what_was_held_back_is_shown_before_the_end(self):
        out, err = self.ended_at_once("-quiet_ok", "-report", "csv")
        self.assertIn("stopping:", err)

    def test_a_plug_in_has_its_line_before_the_end(self):
        out, _ = self.ended_at_once("-nagios")
        self.assertEqual(out, "TLS UNKNOWN - the scan was ended at once\n")

    def test_a_first_signal_after_the_time_is_over_is_the_first(self):
        listener = self.listener()
        process = program.start(
            "-batch", f"127.0.0.1:{listener.port}", "-deadline", 600,
            "-handshake_timeout", 600, "-max_runtime", 4 * SLOW,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.assertTrue(listener.was_called(60 * SLOW))
        self.assertIn("-max_runtime is over", process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        self.assertIn("stopping", process.stderr.readline())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60 * SLOW), 3)

    def ended_by_two(self, process):
        """The first signal is answered, the second ends the process."""
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        process.send_signal(signal.SIGTERM)
        until(lambda: signal.SIGTERM not in signals("ShdPnd", process.pid))
        process.send_signal(signal.SIGINT)  # the same at once is an echo
        _, err = process.communicate(timeout=60 * SLOW)
        self.assertEqual((process.returncode, err.count("stopping")), (3, 1), err)

    @unittest.skipIf(INSTRUMENTED, "the instrument has its own way with signals")
    def test_a_report_that_nobody_opens_can_be_given_up(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        process = program.start(
            "-batch", "127.0.0.1:1", "-report", f"csv={pipe}", "-progress", "none",
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        until(lambda: signal.SIGTERM in signals("SigBlk", process.pid))
        self.ended_by_two(process)

    def test_a_reader_that_stopped_does_not_hold_up_the_end(self):
        """When one report has its name, the scan is over."""
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        os.set_blocking(writing, False)
        with self.assertRaises(BlockingIOError):
            while True:
                os.write(writing, b"." * 4096)
        os.set_blocking(writing, True)
        report = self.folder / "out.csv"
        process = program.start(
            "-batch", "-report", f"csv={report}", "-report", "text", "-only",
            "changed", "-baseline", self.same(), "127.0.0.1:1", "-fail_on", "none",
            stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE,
            text=True)
        os.close(writing)
        until(report.exists)
        self.ended_by_two(process)

    def same(self):
        """A baseline in which 127.0.0.1:1 is as it is."""
        base = self.folder / "base.csv"
        self.run_program("-batch", "-report", f"csv={base}", "127.0.0.1:1",
                         status=1)
        return base

    def reading_a_list(self):
        """A run that is reading its list, and waits for more of it."""
        process = program.start("-targets", "-", "-deadline", 1,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        # More than a pipe takes: whoever has written it knows of a reader.
        process.stdin.write(b"# none\n" * 100000)
        process.stdin.flush()
        return process

    def test_a_run_that_reads_its_list_can_be_ended(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                process = self.reading_a_list()
                process.send_signal(number)
                self.assertEqual(process.wait(timeout=60 * SLOW), -number)

    def test_a_question_while_the_list_is_read_ends_nothing(self):
        process = self.reading_a_list()
        process.send_signal(signal.SIGUSR1)
        process.stdin.write(b"127.0.0.1:1\n")
        process.communicate(timeout=60 * SLOW)
        self.assertEqual(process.returncode, 1)

    def test_who_waits_for_a_turn_of_rate_is_stopped(self):
        listed = self.file("list", "127.0.0.1:1\n" * 50)
        report = self.folder / "out.csv"
        words = ("-targets", listed, "-report", f"csv={report}", "-fail_on", "none")
        run = self.run_program(*words, "-rate", 1, "-max_runtime", 1, status=3)
        self.assertIn("-max_runtime is over", run.err)
        became = [r["code"] for r in self.left(report)]
        self.assertIn("max_runtime", became)
        self.assertLessEqual(set(became), {"connect_refused", "max_runtime"})
        self.run_program(*words, "-resume", status=0)
        self.assertEqual({r["code"] for r in program.read_csv(report.read_text())},
                         {"connect_refused"})


class Output(FlowCase):
    """A report that cannot be written is an error, never a shorter report."""

    def setUp(self):
        super().setUp()
        self.port = self.peers("tls")["tls"]
        self.target = f"a.demo.test@127.0.0.1:{self.port}"

    def test_a_full_device(self):
        with open("/dev/full", "w") as full:
            process = program.start("-batch", "-CAfile", self.ca, self.target,
                                    stdin=subprocess.DEVNULL, stdout=full,
                                    stderr=subprocess.PIPE, text=True)
            _, err = process.communicate(timeout=30 * SLOW)
        self.assertEqual(process.returncode, 3, err)
        self.assertIn("standard output", err)
        self.assertIn("No space left", err)

    def test_a_closed_pipe(self):
        reading, writing = os.pipe()
        os.close(reading)
        process = program.start("-batch", "-CAfile", self.ca, self.target,
                                stdin=subprocess.DEVNULL, stdout=writing,
                                stderr=subprocess.PIPE, text=True)
        os.close(writing)
        _, err = process.communicate(timeout=30 * SLOW)
        self.assertEqual(process.returncode, 3, err)
        self.assertIn("standard output", err)

    def test_a_closed_standard_output(self):
        run = self.run_program("-batch", "-CAfile", self.ca, self.target,
                               status=3, preexec_fn=lambda: os.close(1))
        self.assertIn("standard output", run.err)

    def test_a_folder_that_is_not_there(self):
        out = self.folder / "missing" / "report.csv"
        run = self.run_program("-batch", "-report", f"csv={out}", self.target)
        self.assertIn(run.status, (2, 3), run)
        self.assertIn(str(out), run.err)

    def test_a_folder_that_cannot_be_written(self):
        out = "/proc/report.csv"  # not even by root
        run = self.run_program("-batch", "-report", f"csv={out}", self.target)
        self.assertIn(run.status, (2, 3), run)
        self.assertIn(out, run.err)
        self.assertEqual(run.out, "")

    def test_a_file_appears_whole(self):
        out = self.folder / "report.csv"
        out.write_text("old\n")
        silent = self.peers("silent")["silent"]
        process = program.start(
            "-batch", "-report", f"csv={out}", "-deadline", "2", "-retries", "0",
            self.target, f"127.0.0.1:{silent}", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None:
            text = out.read_text()
            self.assertTrue(text == "old\n" or text.count("\n") == 3, text)
            time.sleep(0.05)
        self.assertEqual(len(program.read_csv(out.read_text())), 2)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["report.csv"])

    def test_a_killed_scan_leaves_the_old_report(self):
        out = self.folder / "report.csv"
        out.write_text("old\n")
        listener = self.listener()
        process = program.start(
            "-batch", "-report", f"csv={out}", "-deadline", "20",
            f"127.0.0.1:{listener.port}", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(listener.was_called(PATIENCE))
        process.kill()
        process.wait()
        self.assertEqual(out.read_text(), "old\n")

    def test_two_reports_must_not_share_a_file(self):
        out = self.folder / "report"
        run = self.run_program("-batch", "-report", f"csv={out}", "-report",
                               f"jsonl={out}", self.target)
        self.assertEqual(run.status, 2, run)
        self.assertIn(str(out), run.err)

    def test_a_report_does_not_replace_the_list(self):
        listed = self.file("list", "127.0.0.1:1\n")
        run = self.run_program("-targets", listed, "-out",
                               f"{self.folder}/../{self.folder.name}/list", status=2)
        self.assertSentence(run, "list'", "would replace a list")
        self.assertEqual(listed.read_text(), "127.0.0.1:1\n")

    def test_a_report_is_not_the_journal(self):
        for name in ("x.csv", "./x.csv", self.folder / "x.csv"):
            run = self.run_program("-batch", "127.0.0.1:1", "-report",
                                   "csv=x.csv", "-journal", name, status=2,
                                   cwd=self.folder)
            self.assertSentence(run, "'x.csv'", "report and the journal")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_standard_output_may_be_closed(self):
        out = self.folder / "report.csv"
        process = program.start(
            "-batch", "-CAfile", self.ca, "-report", f"csv={out}", self.target,
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            preexec_fn=lambda: os.close(1))
        _, err = process.communicate(timeout=30 * SLOW)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(len(program.read_csv(out.read_text())), 1)


class Limits(FlowCase):
    @unittest.skipIf(INSTRUMENTED, "the instrument needs descriptors itself")
    def test_workers_fit_the_descriptor_limit(self):
        port = self.peers("tls")["tls"]
        targets = self.file("list", "".join(
            f"t{n}.demo.test@127.0.{n}.1:{port}\n" for n in range(1, 201)))
        run = self.run_program(
            "-targets", targets, "-CAfile", self.ca, "-report", "csv",
            "-workers", "200", status=0, preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_NOFILE, (64, 64)))
        self.assertEqual({r["status"] for r in run.csv()}, {"ok"})
        self.assertIn("workers", run.err)

    @unittest.skipIf(INSTRUMENTED, "the instrument needs descriptors itself")
    def test_the_soft_limit_is_raised(self):
        port = self.peers("tls", options=["-delay", "300"])["tls"]
        targets = self.file("list", "".join(
            f"t{n}.demo.test@127.0.{n}.1:{port}\n" for n in range(1, 201)))
        run = self.run_program(
            "-targets", targets, "-CAfile", self.ca, "-report", "csv",
            "-workers", "200", status=0, preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_NOFILE, (64, 1024)))
        self.assertEqual(len(run.csv()), 200)
        self.assertEqual(run.err, "", run)
