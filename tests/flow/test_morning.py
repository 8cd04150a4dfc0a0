"""The morning after the nightly run: what is wrong, what changed, who is told."""

import calendar
import os
import re
import signal
import stat
import subprocess
import time

from fleet import program, prometheus
from fleet.case import FlowCase
from fleet.patience import PATIENCE
from fleet.place import SLOW


class Morning(FlowCase):
    """A small fleet in which something is wrong with every target but one."""

    def setUp(self):
        super().setUp()
        self.good = f"a.demo.test@127.0.0.1:{self.s_server()}"

    def expired(self):
        return f"b.demo.test@127.0.0.1:{self.s_server(cert='expired')}"

    def wrong_name(self):
        return f"c.demo.test@127.0.0.1:{self.s_server(cert='wronghost')}"

    def batch(self, *words, **how):
        return self.run_program("-batch", "-CAfile", self.ca, *words, **how)

    def nagios(self, *words, status):
        run = self.run_program("-nagios", "-CAfile", self.ca, *words,
                               status=status)
        self.assertEqual(run.out.count("\n"), 1, run)
        self.assertLess(len(run.out.encode()), 1024)
        return run.out


class Summary(Morning):
    def screen(self, *words, **how):
        run = self.batch(*words, **how)
        return run.out.split("\n\n")[1].splitlines()

    def test_it_says_what_is_wrong_on_one_screen(self):
        old = self.s_server("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")
        lines = self.screen(self.good, self.expired(), self.wrong_name(),
                            f"d.demo.test@127.0.0.1:{old}", "127.0.0.1:1",
                            "-targets", self.file("list", "no/host\n"),
                            "-expect", "protocol = TLSv1.3",
                            "-expect", "days_left >= 21", status=1)
        for line in ("targets in 6 = records out 6: 4 ok, 1 failed, 1 invalid",
                     "targets not as expected: 4",
                     "       3  protocol = TLSv1.3",
                     "failures by stage and code:",
                     "       1  connect    connect_refused",
                     "       1  input      bad_address",
                     "certificates with a wrong name: 1",
                     "chains not verified: 1",
                     "       1  certificate has expired",
                     "certificates by days left: 1 expired, 3 later, 2 unknown",
                     "protocols: 3 TLSv1.3, 1 TLSv1.2",
                     "ciphers: 3 TLS_AES_256_GCM_SHA384, "
                     "1 ECDHE-ECDSA-AES128-GCM-SHA256",
                     "keys: 4 EC 256"):
            self.assertIn(line, lines)
        soonest = lines[[n for n, line in enumerate(lines)
                         if line.startswith("certificates by")][0] + 1]
        self.assertRegex(soonest, r"^ +-\d+ d  b\.demo\.test@.* expired\.demo\.test$")
        self.assertLessEqual(max(map(len, lines)), 80)
        self.assertLessEqual(len(lines), 45)

    def test_its_numbers_add_up_over_any_number_of_workers(self):
        targets = [self.good, self.expired(), self.wrong_name(), "127.0.0.1:1"]
        seen = set()
        for workers in (1, 3, 16):
            lines = self.screen("-workers", workers, *(targets * 10), status=1)
            seen.add("\n".join(lines))
            self.assertIn("targets in 40 = records out 40: 30 ok, 10 failed", lines)
            counted = next(line for line in lines
                           if line.startswith("certificates by days left:"))
            self.assertEqual(sum(map(int, re.findall(r"[:,] (\d+)", counted))), 40)
        self.assertEqual(len(seen), 1, seen)

    def test_only_the_text_report_has_it(self):
        for form in ("csv", "jsonl", "full", "brief"):
            run = self.batch("-report", form, self.good, status=0)
            self.assertNotIn("targets in", run.out)
            self.assertEqual(run.err, "")


class Only(Morning):
    def test_problems_are_shown_and_all_are_counted(self):
        bad = [self.expired(), self.wrong_name(), "127.0.0.1:1"]
        words = []
        for form in ("text", "full", "brief", "csv", "jsonl", "prometheus"):
            words += ["-report", f"{form}={self.folder / form}"]
        self.batch("-only", "problems", *words, bad[0], self.good, *bad[1:],
                   status=1)
        rows = program.read_csv((self.folder / "csv").read_text())
        self.assertEqual([r["target"] for r in rows], bad)
        records = program.read_jsonl((self.folder / "jsonl").read_text())
        self.assertEqual([r["target"] for r in records], bad)
        for form in ("full", "brief"):
            text = (self.folder / form).read_text()
            self.assertEqual(re.findall(r"^=== (\d) ", text, re.M), ["1", "3", "4"])
        text = (self.folder / "text").read_text()
        self.assertEqual(text.count("\n", 0, text.index("\n\n") + 1), 3)
        self.assertIn("targets in 4 = records out 4: 3 ok, 1 failed", text)
        metrics = prometheus.Metrics((self.folder / "prometheus").read_text())
        self.assertEqual(len(metrics.all["probe_success"]), 4)

    def test_an_expectation_makes_a_problem(self):
        rows = self.batch("-report", "csv", "-only", "problems", self.good,
                          status=0).csv()
        self.assertEqual(rows, [])
        rows = self.batch("-report", "csv", "-only", "problems", "-expect",
                          "alpn = h2", self.good, status=1).csv()
        self.assertEqual(len(rows), 1)

    def test_a_part_of_the_rows_does_not_become_the_baseline(self):
        base = self.folder / "base.csv"
        self.batch("-report", f"csv={base}", self.good, status=0)
        before = base.read_bytes()
        run = self.batch("-report", f"csv={base}", "-baseline", base, "-only",
                         "problems", self.good, status=2)
        self.assertSentence(run, "-only", "base.csv")
        self.assertEqual(base.read_bytes(), before)

    def test_changed_needs_something_to_compare_with(self):
        run = self.batch("-only", "changed", self.good, status=2)
        self.assertSentence(run, "-only changed", "-baseline")


class Changes(Morning):
    def test_a_changed_server_is_found_and_told(self):
        base = self.folder / "base.csv"
        port = int(self.good.rsplit(":", 1)[1])
        gone, new = self.wrong_name(), "e.demo.test@127.0.0.1:%d" % port
        self.batch("-report", f"csv={base}", self.good, gone, status=1)
        words = ("-baseline", base, "-fail_on", "change")
        self.batch(*words, self.good, gone, status=0)
        # Another server in its place: the target list says where it is now.
        other = self.s_server("-tls1_2", cert="expired")
        listed = self.file("list", f"a.demo.test@127.0.0.1:{port}\n{new}\n")
        run = self.batch(*words, "-targets", listed, status=1)
        self.assertIn("since the baseline: 1 new, 1 gone", run.out)
        self.assertIn(f"  new {new}", run.out)
        changed = base.read_text().replace(f":{port},", f":{other},").replace(
            f",{port},", f",{other},")
        base.write_text(changed)
        run = self.batch(*words, "-only", "changed",
                         f"a.demo.test@127.0.0.1:{other}", gone, status=1)
        lines = run.out.splitlines()
        self.assertIn("protocol: TLSv1.3 -> TLSv1.2", lines[0])
        self.assertEqual(lines[1], "")
        self.assertIn("since the baseline: 1 changed", lines)
        self.assertRegex(run.out, r"  fields that changed: 1 cipher,[^:]* others\n"
                                  r"  changed a\.demo\.test@")

    def test_every_name_of_fail_on(self):
        base = self.folder / "base.csv"
        self.batch("-report", f"csv={base}", self.good, status=0)
        rows = (
            # name, words that make the finding
            ("failed", ["127.0.0.1:1"]),
            ("verify", [self.expired()]),
            ("name", [self.wrong_name()]),
            ("expect", ["-expect", "alpn = h2", self.good]),
            ("expect", ["-expect", "days_left > 3", "127.0.0.1:1"]),
            ("change", ["-baseline", base, self.wrong_name()]),
        )
        names = {name for name, _ in rows}
        for name, words in rows:
            with self.subTest(name):
                self.batch("-fail_on", name, *words, status=1)
                others = ",".join(names - {name} - ({"failed", "name"}
                                                    & self.besides(name, words)))
                self.batch("-fail_on", others, *words, status=0)
                self.batch("-fail_on", "none", *words, status=0)

    def besides(self, name, words):
        """What else such a target is."""
        if name == "expect" and words[-1] == "127.0.0.1:1":
            return {"failed"}
        return {"name"} if name == "change" else set()

    def test_expectations_of_a_list_end_to_end(self):
        port = self.good.rsplit(":", 1)[1]
        listed = self.file("fleet.yaml", f"""
defaults:
  CAfile: {self.ca}
  expect: {{ verify_code: 0 }}
profiles:
  strict: {{ expect: {{ protocol: ">= TLSv1.3", days_left: ">= 99999" }} }}
targets:
  - connect: a.demo.test@127.0.0.1:{port}
  - connect: a.demo.test@127.0.0.1:{port}
    profiles: [strict]
""")
        run = self.run_program("-targets", listed, "-report", "csv", status=1)
        met, failed = run.csv()
        self.assertEqual(met["expect"], "met")
        self.assertRegex(failed["expect"], r"^failed: days_left >= 99999, is \d+$")
        text = self.run_program("-targets", listed, status=1).out
        self.assertIn("targets not as expected: 1\n       1  days_left >= 99999\n",
                      text)


    def test_an_expectation_does_not_depend_on_what_is_shown(self):
        listed = self.file("fleet.yaml", f"""
targets:
  - connect: {self.good}
    expect:
      - "chain ~ Intermediate"
      - "repro ~ s_client"
      - "client_cas != other"
      - "session_id ~ ^[0-9A-F]+$"
      - "max_early_data = 0"
      - "bytes_read > 100"
""")
        run = self.batch("-targets", listed, "-report", "csv", "-fields", "expect")
        self.assertEqual(run.csv(), [{"expect": "met"}])

    def test_what_comes_after_expectations_cannot_be_expected(self):
        run = self.batch(self.good, "-expect", "change = same", status=2)
        self.assertSentence(run, "'change'", "-fail_on change")


class Cron(Morning):
    """-quiet_ok: cron mails what is printed, so nothing is when all is well."""

    def test_all_well_is_silent_and_the_files_are_there(self):
        report = self.folder / "fleet.csv"
        for words in ((), ("-progress", "plain"), ("-report", "full"),
                      ("-report", "prometheus")):
            run = self.batch("-quiet_ok", *words, "-report", f"csv={report}",
                             "-journal", self.folder / "journal", self.good,
                             status=0)
            self.assertEqual((run.out, run.err), ("", ""))
            self.assertEqual(len(program.read_csv(report.read_text())), 1)
            report.unlink()
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_is_wrong_is_printed_as_ever(self):
        targets = [self.good, self.expired()]
        loud = self.batch(*targets, status=1)
        quiet = self.batch("-quiet_ok", *targets, status=1)
        self.assertEqual(quiet.out, loud.out)
        self.assertEqual(self.batch("-quiet_ok", "-fail_on", "name", *targets,
                                    status=0).out, "")

    def test_a_long_report_is_held_back_whole(self):
        listed = self.file("list", "127.0.0.1:1\n" * 3000)
        words = ("-targets", listed, "-report", "csv", "-retries", "0")
        run = self.batch("-quiet_ok", *words, status=1)
        self.assertEqual([r["index"] for r in run.csv()],
                         [str(n) for n in range(1, 3001)])
        run = self.batch("-quiet_ok", "-fail_on", "none", *words, status=0)
        self.assertEqual((run.out, run.err), ("", ""))

    def test_usage_errors_are_told(self):
        self.assertSentence(self.batch("-quiet_ok", "-report", "xml", self.good,
                                       status=2), "xml")
        listed = self.file("list.yaml", "targets:\n  - nonsense: x\n")
        self.assertSentence(self.run_program("-quiet_ok", "-targets", listed,
                                             status=2), "list.yaml:2", "nonsense")

    def test_notes_come_with_a_failure_only(self):
        listed = self.file("list", f"{self.good}\n")
        journal = self.folder / "journal"
        journal.write_text("")
        words = ("-quiet_ok", "-journal", journal, "-targets", listed)
        run = self.batch(*words, status=0)
        self.assertEqual((run.out, run.err), ("", ""))

    def test_a_report_that_cannot_be_written_is_told(self):
        run = self.batch("-quiet_ok", "-report", "csv=/dev/full", self.good,
                         status=3)
        self.assertIn("/dev/full", run.err)
        with open("/dev/full", "w") as full:
            process = program.start("-batch", "-quiet_ok", self.expired(),
                                    stdin=subprocess.DEVNULL, stdout=full,
                                    stderr=subprocess.PIPE, text=True)
            _, err = process.communicate(timeout=30 * SLOW)
        self.assertEqual(process.returncode, 3, err)
        self.assertIn("standard output", err)

    def test_no_place_to_hold_it_back_is_told(self):
        run = self.batch("-quiet_ok", self.good, status=3,
                         env={"TMPDIR": str(self.folder / "missing")})
        self.assertSentence(run, "TMPDIR", "missing")

    def test_an_interrupted_run_is_told(self):
        listener = self.listener()
        process = program.start(
            "-batch", "-quiet_ok", "-deadline", "2", "-retries", "0",
            "-workers", "1", f"127.0.0.1:{listener.port}", "127.0.0.1:1",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.assertTrue(listener.was_called(PATIENCE))
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30 * SLOW)
        self.assertEqual(process.returncode, 3, err)
        self.assertIn("stopping", err)
        self.assertIn("incomplete", out)


class Prometheus(Morning):
    def metrics(self, *words, status):
        path = self.folder / "fleet.prom"
        run = self.batch("-report", f"prometheus={path}", *words, status=status)
        self.assertEqual(run.out, "")
        text = path.read_text()
        self.assertNeutral(text)
        if prometheus.promtool():
            self.assertEqual(prometheus.check_with_promtool(text), [])
        return prometheus.Metrics(text)

    def test_the_names_of_blackbox_exporter(self):
        before = int(time.time())
        found = self.metrics(self.good, self.expired(), "127.0.0.1:1", status=1)
        record = self.record("-fields", "all", self.good)
        target = {"target": self.good}
        self.assertEqual(found.of("probe_success", **target), 1)
        self.assertEqual(found.of("probe_success", target="127.0.0.1:1"), 0)
        self.assertGreater(found.of("probe_duration_seconds", **target), 0)
        end = calendar.timegm(time.strptime(record["not_after"],
                                            "%Y-%m-%dT%H:%M:%SZ"))
        for name in ("probe_ssl_earliest_cert_expiry",
                     "probe_ssl_last_chain_expiry_timestamp_seconds"):
            self.assertLessEqual(found.of(name, **target), end)
            self.assertGreater(found.of(name, **target), before)
        self.assertEqual(found.labels("probe_tls_version_info", **target),
                         {**target, "version": "TLS 1.3"})
        self.assertEqual(
            found.labels("probe_ssl_last_chain_info", **target),
            {**target, "fingerprint_sha256": record["sha256"],
             "issuer": record["issuer"], "subject": record["subject"],
             "serialnumber": record["serial"].lower(),
             "subjectalternative": "*.demo.test,demo.test,localhost"})
        expired = next(dict(labels)["target"] for labels, value
                       in found.all["tlsfleet_verified"].items() if value == 0)
        self.assertLess(found.of("tlsfleet_cert_expiry_timestamp_seconds",
                                 target=expired), before)
        self.assertNotIn(expired, str(found.all[
            "probe_ssl_last_chain_expiry_timestamp_seconds"].keys()))
        self.assertEqual(found.of("tlsfleet_targets", status="ok"), 2)
        self.assertEqual(found.of("tlsfleet_targets", status="failed"), 1)
        self.assertEqual(found.of("tlsfleet_scan_complete"), 1)
        start = found.of("tlsfleet_scan_start_timestamp_seconds")
        self.assertLessEqual(before, start)
        self.assertLessEqual(start, found.of("tlsfleet_scan_end_timestamp_seconds"))

    def test_expectations_and_changes(self):
        base = self.folder / "base.csv"
        self.batch("-report", f"csv={base}", self.good)
        found = self.metrics("-baseline", base, "-expect", "alpn = h2", self.good,
                             status=1)
        self.assertEqual(found.of("tlsfleet_expect"), 0)
        self.assertEqual(found.of("tlsfleet_change"), 0)
        self.assertEqual(found.of("probe_success"), 0)

    def test_one_file_for_profiles_and_targets_that_come_twice(self):
        port = self.good.rsplit(":", 1)[1]
        listed = self.file("fleet.yaml", f"""
profiles: {{ new: {{ tls1_3: true }}, old: {{ tls1_2: true }} }}
targets:
  - connect: a.demo.test@127.0.0.1:{port}
    profiles: [new, old]
  - a.demo.test@127.0.0.1:{port}
  - a.demo.test@127.0.0.1:{port}
""")
        found = self.metrics("-targets", listed, "-workers", "4", status=0)
        self.assertEqual(
            sorted(sorted(labels) for labels in found.all["probe_success"]),
            sorted(sorted({"target": self.good, **more}.items()) for more in (
                {"profile": "new"}, {"profile": "old"}, {}, {"index": "3"})))
        self.assertEqual(found.labels("probe_tls_version_info", profile="old")
                         ["version"], "TLS 1.2")

    def test_a_collector_of_another_user_can_read_it(self):
        path = self.folder / "fleet.prom"
        self.batch("-report", f"prometheus={path}", self.good, status=0,
                   preexec_fn=lambda: os.umask(0o077))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o644)

    def test_hostile_certificates_stay_in_their_labels(self):
        targets = []
        for name in ("quote", "newline", "bidi", "escape", "utf8", "nul"):
            port = self.peers("tls", cert=f"hostile-{name}")["tls"]
            targets.append(f"{name}.demo.test@127.0.0.1:{port}")
        found = self.metrics(*targets, status=1)
        self.assertEqual(len(found.all["probe_ssl_last_chain_info"]), len(targets))

    def test_the_reader_of_these_tests_is_strict(self):
        head = "# HELP a Some.\n# TYPE a gauge\n"
        self.assertEqual(prometheus.read(head + 'a{x="y"} 1\n'),
                         {"a": {frozenset({("x", "y")}): 1}})
        for wrong in ('a{x="y"} 1', "a 1\n", head + "a 1\na 2\n",
                      head + 'a{x="y",} 1\n', head + 'a{x="y"z"} 1\n',
                      head + 'a{x="\\x"} 1\n', head + 'a{x="1",x="2"} 1\n',
                      head + "a 1 1700000000\n", head + "a one\n",
                      head + "a 1\n# HELP b None.\n# TYPE b gauge\nb 1\na 2\n",
                      head + head + "a 1\n", "# TYPE a gauge\na 1\n"):
            with self.subTest(wrong), self.assertRaises(AssertionError):
                prometheus.read(wrong)


class Nagios(Morning):
    DATA = r" \| ok=(\d+);;;0;(\d+) failed=(\d+)(?: days=(-?\d+);(\d+);(\d+))?\n"

    def test_ok(self):
        line = self.nagios(self.good, status=0)
        match = re.fullmatch("TLS OK - 1 target, the first certificate expires "
                             r"in (\d+) d" + self.DATA, line)
        self.assertTrue(match, line)
        self.assertEqual(match.groups()[1:4], ("1", "1", "0"))
        self.assertEqual(match[1], match[5])
        self.assertEqual(match.groups()[5:], ("20", "15"))

    def test_warning(self):
        line = self.nagios("-warn_days", "36000", self.good, status=1)
        self.assertRegex(line, rf"^TLS WARNING - 1 of 1 targets: {self.good} "
                               r"expires in \d+ d" + self.DATA)

    def test_critical_by_days(self):
        line = self.nagios("-warn_days", "36000", "-crit_days", "35000", self.good,
                           status=2)
        self.assertIn(f"TLS CRITICAL - 1 of 1 targets: {self.good} expires", line)

    def test_critical(self):
        expired, wrong = self.expired(), self.wrong_name()
        line = self.nagios(self.good, expired, wrong, "127.0.0.1:1", status=2)
        self.assertRegex(line, "^TLS CRITICAL - 3 of 4 targets: "
                               rf"{expired} expires in -\d+ d; {wrong} ")
        self.assertRegex(line, self.DATA)
        self.assertIn(" | ok=1;;;0;4 failed=1 days=-", line)
        self.nagios("-fail_on", "verify", "127.0.0.1:1", self.good, status=0)

    def test_unknown(self):
        rows = (
            # words, what the line must hold
            (["-chiper", "x", self.good], "-cipher"),
            (["-report", "csv", self.good], "-nagios"),
            (["-quiet_ok", self.good], "-quiet_ok"),
            (["-crit_days", "30", "-warn_days", "20", self.good], "-crit_days 30"),
            (["-cert", self.folder / "nothing.pem", self.good], "nothing.pem"),
            (["-targets", self.folder / "no list"], "no list"),
            (["-targets", self.file("l.yaml", "targets:\n  - a: b\n")], "l.yaml:2"),
            (["-targets", self.file("empty", "")], "no targets"),
            (["-expect", "daysleft > 3", self.good], "days_left"),
            (["no/host"], "no/host"),
        )
        for words, part in rows:
            with self.subTest(part):
                line = self.nagios(*words, status=3)
                self.assertTrue(line.startswith("TLS UNKNOWN - "), line)
                self.assertIn(part, line)

    def test_a_report_that_cannot_be_written_is_unknown(self):
        line = self.nagios("-report", "csv=/dev/full", self.good, status=3)
        self.assertIn("/dev/full", line)
        self.nagios("-report", "csv=/dev/full", "127.0.0.1:1", status=2)

    def test_a_cut_scan_is_unknown(self):
        listener = self.listener()
        process = program.start(
            "-nagios", "-deadline", "1", "-retries", "0", "-fail_on", "verify",
            "-workers", "1", "-max_runtime", "0.1", f"127.0.0.1:{listener.port}",
            f"127.0.0.1:{listener.port}", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out, err = process.communicate(timeout=60 * SLOW)
        self.assertEqual(process.returncode, 3, out + err)
        self.assertIn("TLS UNKNOWN - ", out)
        self.assertIn("stopped before its end", out)

    def test_named_files_are_written_beside_the_line(self):
        report = self.folder / "fleet.csv"
        self.nagios("-report", f"csv={report}", self.good, status=0)
        self.assertEqual(len(program.read_csv(report.read_text())), 1)
        self.nagios("-out", self.folder / "fleet.txt", self.good, status=0)
        self.assertIn("targets in 1", (self.folder / "fleet.txt").read_text())

    def test_changes_warn_when_they_count(self):
        base = self.folder / "base.csv"
        self.batch("-report", f"csv={base}", self.good)
        words = ("-baseline", base, self.good, self.good.replace("a.", "new."))
        self.nagios(*words, status=0)
        line = self.nagios("-fail_on", "change", *words, status=1)
        self.assertIn("change: new", line)
