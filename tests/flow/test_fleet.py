"""Many targets: every one has its record, in order, whatever the speed."""

import collections
import csv
import io

from fleet.case import FlowCase
from fleet.place import INSTRUMENTED

VOLATILE = {"index", "address", "days_left", "ms_total", "attempts"}


def addresses(count):
    """Distinct loopback addresses."""
    return [f"127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}"
            for n in range(count)]


class Fleet(FlowCase):
    def fleet_file(self, count, port, name="fleet"):
        """t<n>.demo.test at its own address, for each n from 1."""
        return self.file(name, "".join(
            f"t{n}.demo.test@{address}:{port}\n"
            for n, address in enumerate(addresses(count), 1)))

    def scan(self, targets, *words, status=0):
        run = self.run_program("-targets", targets, "-report", "csv", "-CAfile",
                               self.ca, *words, status=status, seconds=120)
        return run, run.csv()

    def test_2000_distinct_addresses(self):
        count = 200 if INSTRUMENTED else 2000
        port = self.peers("tls", options=["-threads", "2"])["tls"]
        targets = self.fleet_file(count, port)
        out = self.folder / "fleet.csv"
        run = self.run_program(
            "-targets", targets, "-CAfile", self.ca, "-report", f"csv={out}",
            "-report", "text", "-workers", "64", status=0, seconds=120)
        found = list(csv.DictReader(io.StringIO(out.read_text())))
        self.assertEqual(len(found), count)
        self.assertEqual([r["sni"] for r in found],
                         [f"t{n}.demo.test" for n in range(1, count + 1)])
        self.assertEqual([r["address"] for r in found], addresses(count))
        self.assertEqual(collections.Counter(
            (r["status"], r["verified"], r["name_match"]) for r in found),
            {("ok", "yes", "yes"): count})
        self.assertIn(str(count), run.out.splitlines()[-1] + run.out[-400:])

    def test_list_order_with_many_workers_and_late_servers(self):
        """Every second server answers late; the report does not show it."""
        late = self.peers("tls", options=["-delay", "150"])["tls"]
        soon = self.peers("tls")["tls"]
        targets = self.file("mixed", "".join(
            f"t{n}.demo.test@{address}:{late if n % 2 else soon}\n"
            for n, address in enumerate(addresses(60), 1)))
        _, ordered = self.scan(targets, "-workers", "30")
        self.assertEqual([r["index"] for r in ordered],
                         [str(n) for n in range(1, 61)])
        _, unordered = self.scan(targets, "-workers", "30", "-unordered")
        self.assertEqual(sorted(int(r["index"]) for r in unordered),
                         list(range(1, 61)))
        self.assertNotEqual([r["index"] for r in unordered],
                            [r["index"] for r in ordered])

    def test_the_report_does_not_depend_on_the_number_of_workers(self):
        port = self.peers("tls")["tls"]
        targets = self.fleet_file(60, port)
        seen = []
        for workers in ("1", "8", "64"):
            _, found = self.scan(targets, "-workers", workers)
            seen.append([{k: v for k, v in record.items() if k not in VOLATILE}
                         for record in found])
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0], seen[2])

    def test_holes_get_their_records(self):
        count = 100
        port = self.peers("tls", options=["-holes", "10"])["tls"]
        _, found = self.scan(self.fleet_file(count, port), "-deadline", "5",
                             "-retries", "0", "-workers", "50", status=1)
        became = collections.Counter(r["status"] for r in found)
        self.assertEqual(sum(became.values()), count)
        self.assertEqual(set(became), {"ok", "timeout"})
        self.assertLess(became["timeout"], 25)

    def test_shards_are_disjoint_and_complete(self):
        port = self.peers("tls")["tls"]
        targets = self.fleet_file(90, port)
        parts = []
        for part in (1, 2, 3):
            _, found = self.scan(targets, "-shard", f"{part}/3")
            parts.append([r["target"] for r in found])
        self.assertTrue(all(parts))
        together = [target for part in parts for target in part]
        self.assertEqual(len(together), 90)
        self.assertEqual(sorted(together),
                         sorted(targets.read_text().split()))
        _, again = self.scan(targets, "-shard", "2/3")
        self.assertEqual([r["target"] for r in again], parts[1])

    def test_a_shard_does_not_depend_on_the_neighbours(self):
        first = self.file("first", "127.0.0.1:1\n127.0.0.2:1\n127.0.0.3:1\n")
        second = self.file("second", "127.0.0.9:1\n127.0.0.2:1\n")
        for part in ("1/2", "2/2"):
            run_a = self.run_program("-targets", first, "-shard", part, "-dry_run")
            run_b = self.run_program("-targets", second, "-shard", part, "-dry_run")
            self.assertEqual("127.0.0.2:1" in run_a.out,
                             "127.0.0.2:1" in run_b.out)


class WholeScan(FlowCase):
    """Few handshakes and every kind of end: what instruments look at."""

    def test_every_kind_of_end_in_one_scan(self):
        good = self.peers("tls", "http", "close", "reset", "silent", "alert")
        port = good["tls"]
        lines = [f"t{n}.demo.test@127.0.9.{n}:{port}" for n in range(1, 41)]
        lines += [f"127.0.0.40:{good[kind]}"
                  for kind in ("http", "close", "reset", "silent", "alert")]
        lines += [f"a.demo.test@127.0.0.1:{port} -tls1_2 -alpn h2",
                  f"a.demo.test@127.0.0.1:{port} -status -noservername",
                  "not_a_host:99999999", "127.0.0.1:1"]
        targets = self.file("list", "\n".join(lines) + "\n")
        out = self.folder / "out"
        run = self.run_program(
            "-targets", targets, "-CAfile", self.ca, "-deadline", "20",
            "-handshake_timeout", "2", "-retries", "1", "-workers", "16",
            "-fields", "all", "-report", f"csv={out}.csv", "-report",
            f"jsonl={out}.jsonl", "-report", f"full={out}.full", "-report",
            f"brief={out}.brief", "-report", "text", status=1)
        with open(f"{out}.csv", newline="") as f:
            found = list(csv.DictReader(f))
        self.assertEqual(len(found), len(lines))
        became = collections.Counter(r["status"] for r in found)
        self.assertEqual(became, {"ok": 42, "failed": 5, "timeout": 1,
                                  "invalid": 1}, run)

    def test_an_unordered_scan_with_profiles_and_identities(self):
        port = self.s_server("-Verify", "1", "-CAfile", self.ca,
                             "-verify_return_error")
        targets = self.file("list.yaml", f"""
defaults: {{ CAfile: {self.ca} }}
profiles:
  with: {{ cert: {self.pki}/client.pem, key: {self.pki}/client.key,
           cert_chain: {self.pki}/int.pem }}
  without: {{ tls1_2: true }}
targets:
  - hosts: [ {", ".join(f'"t{n}.demo.test@127.0.0.1:{port}"' for n in range(10))} ]
    profiles: [with, without]
""")
        run = self.run_program("-targets", targets, "-report", "csv", "-unordered",
                               "-workers", "8", status=1)
        became = collections.Counter((r["profile"], r["status"]) for r in run.csv())
        self.assertEqual(became, {("with", "ok"): 10, ("without", "failed"): 10},
                         run)

    def test_a_dry_run(self):
        targets = self.file("list.yaml", """
defaults: { alpn: h2 }
targets: [ "a.example", "b.example:8443" ]
""")
        run = self.run_program("-targets", targets, "-dry_run", status=0)
        self.assertIn("b.example", run.out)

    def test_a_refused_list(self):
        targets = self.file("list.yaml", "targets:\n  - connect: a\n    bogus: 1\n")
        self.run_program("-targets", targets, status=2)

    def test_what_another_shard_probes_is_not_gone(self):
        base = self.folder / "base.csv"
        hosts = [f"127.0.0.1:{port}" for port in range(1, 9)]
        words = ("-fail_on", "change", "-retries", 0, "-batch")
        self.run_program("-report", f"csv={base}", *words, *hosts, status=0)
        now = ("-report", "csv", "-fields", "target,change", "-baseline", base)
        found = []
        for part in ("1/2", "2/2"):
            run = self.run_program(*now, *words, *hosts, "-shard", part, status=0)
            found += run.csv()
            own = hosts[0] in [r["target"] for r in run.csv()]
            self.run_program(*now, *words, *hosts[1:], "-shard", part,
                             status=int(own))
        self.assertEqual(sorted(r["target"] for r in found), hosts)
        self.assertEqual({r["change"] for r in found}, {"same"})
