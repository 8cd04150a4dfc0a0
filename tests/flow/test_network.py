"""How hard the program knocks, and what it does when its own network is out."""

import os
import shlex
import shutil
import signal
import subprocess
import time

from fleet import program
from fleet.case import FlowCase
from fleet.patience import PATIENCE
from fleet.place import SLOW, TOOLS

STUCK = {"LD_PRELOAD": str(TOOLS / "stuck_dns.so")}


class Pace(FlowCase):
    def test_rate_spreads_new_connections(self):
        port = self.peers("tls")["tls"]
        targets = [f"127.0.0.{n}:{port}" for n in range(1, 13)]
        run = self.run_program("-rate", "2", "-CAfile", self.ca, "-fail_on",
                               "none", "-report", "csv", *targets, status=0)
        self.assertGreaterEqual(run.seconds, 5.5, "twelve at two a second")
        self.assertEqual({r["status"] for r in run.csv()}, {"ok"})
        # Held back for 0, 0.5, ... 5.5 seconds: that is not their own time.
        self.assertLess(sum(float(r["ms_total"]) for r in run.csv()), 30000)

    def test_max_runtime_leaves_the_rest_unattempted(self):
        port = self.peers("silent")["silent"]
        targets = [f"127.0.0.{n}:{port}" for n in range(1, 21)]
        run = self.run_program("-workers", 2, "-deadline", 1, "-retries", 0,
                               "-max_runtime", 1.5, "-report", "csv", *targets,
                               status=3)
        found = run.csv()
        self.assertEqual(len(found), 20)
        self.assertEqual(found[-1]["status"], "not_attempted")
        self.assertEqual(found[-1]["code"], "max_runtime")
        self.assertEqual(found[0]["status"], "timeout")

    def test_the_line_that_does_the_same_can_be_given_to_a_shell(self):
        path = self.s_server(unix=self.folder / "it's; a socket")
        for target, where in ((f"unix:{path}", ("-unix", str(path))),
                              ("[::1]:1", ("-connect", "[::1]:1"))):
            with self.subTest(target):
                line = self.record("-fields", "repro", "-servername", "it's",
                                   target)["repro"]
                words = shlex.split(line)
                self.assertEqual(words[:2], ["openssl", "s_client"])
                self.assertEqual(tuple(words[2:4]), where)
                self.assertIn("it's", words)
                self.assertNotIn(" [", line)

    def test_all_addresses_of_a_name_get_a_record_each(self):
        port = self.peers("tls")["tls"]
        run = self.run_program("-all_addresses", "-report", "csv", "-CAfile",
                               self.ca, "-fail_on", "none",
                               f"three.stuck.test:{port}",
                               f"127.0.0.9:{port}", env=STUCK, status=0)
        found = run.csv()
        self.assertEqual([(r["index"], r["address"]) for r in found],
                         [("1", "127.0.0.1"), ("1", "127.0.0.2"),
                          ("1", "127.0.0.3"), ("2", "127.0.0.9")])
        self.assertEqual({r["host"] for r in found[:3]}, {"three.stuck.test"})
        text = self.run_program("-all_addresses", "-CAfile", self.ca,
                                "-fail_on", "none", f"three.stuck.test:{port}",
                                env=STUCK, status=0)
        self.assertIn("targets in 1 + further addresses 2 = records out 3",
                      text.out)


    def test_what_each_address_said_is_in_the_record(self):
        run = self.run_program("-report", "csv", "-fields", "code,warnings",
                               "three.stuck.test:1", env=STUCK, status=1)
        record = run.csv()[0]
        self.assertEqual(record["code"], "connect_refused")
        for n in range(1, 4):
            self.assertIn(f"127.0.0.{n}: connecting to 127.0.0.{n}:1: ",
                          record["warnings"])


class Courtesy(FlowCase):
    """Needs addresses that are not loopback: in a network of its own."""

    def setUp(self):
        super().setUp()
        if os.geteuid() != 0 or not shutil.which("unshare") \
                or not shutil.which("ip"):
            self.skipTest("needs root, unshare and ip for a network of its own")

    def test_an_address_gets_no_more_connections_than_per_address(self):
        peer = (f"{TOOLS}/peerd -stay -delay 1000"
                f" -cert {self.pki}/server.chain.pem"
                f" -key {self.pki}/server.key tls:24999")
        ready = self.folder / "ready"
        lines = "".join(f"198.18.0.{n % 2 + 1}:24999\n" for n in range(24))
        targets = self.file("fleet.txt", lines)
        words = " ".join(map(str, program.command(
            ["-targets", targets, "-CAfile", self.ca, "-per_address", "3",
             "-fail_on", "none", "-report", "csv", "-workers", "24"])))
        script = (f"ip link set lo up; ip addr add 198.18.0.1/32 dev lo;"
                  f" ip addr add 198.18.0.2/32 dev lo; {peer} >{ready} & p=$!;"
                  f" while kill -0 $p && ! [ -s {ready} ]; do sleep 0.05; done;"
                  f" {words}; s=$?; kill $p; exit $s")
        began = time.monotonic()
        done = subprocess.run(["unshare", "-n", "sh", "-c", script],
                              capture_output=True, text=True,
                              env=program.environment(), timeout=60 * SLOW)
        seconds = time.monotonic() - began
        self.assertEqual(done.returncode, 0, done.stderr)
        found = program.read_csv(done.stdout)
        self.assertEqual({r["status"] for r in found}, {"ok"})
        self.assertEqual(len(found), 24)
        # Two addresses, three at once each, a second each: 12 of them one
        # after the other in threes take at least four rounds.
        self.assertGreaterEqual(seconds, 4)


class Outage(FlowCase):
    def test_an_outage_of_ours_pauses_and_blames_no_target(self):
        port = self.peers("tls")["tls"]
        names = [f"outage{n}.stuck.test:{port}" for n in range(150)]
        up = self.folder / "up"
        process = program.start(
            "-targets", self.file("fleet.txt", "\n".join(names)), "-workers",
            "40", "-retries", "0", "-CAfile", self.ca, "-fail_on", "none",
            "-report", f"csv={self.folder}/out.csv",
            env={**STUCK, "STUCK_DNS_UP": str(up)},
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        line = process.stderr.readline()
        self.assertIn("waiting for our own network", line)
        up.touch()
        _, rest = process.communicate(timeout=60 * SLOW)
        self.assertEqual(process.returncode, 0, rest)
        self.assertIn("the network is back", rest)
        found = program.read_csv((self.folder / "out.csv").read_text())
        self.assertEqual(len(found), 150)
        self.assertEqual({r["status"] for r in found}, {"ok"})


class Status(FlowCase):
    def test_usr1_tells_who_takes_longest(self):
        listener = self.listener()
        process = program.start("-workers", 1, "-deadline", 600,
                                "-handshake_timeout", 600, "-report", "csv",
                                "127.0.0.1:1", f"127.0.0.1:{listener.port}",
                                stderr=subprocess.PIPE, stdout=subprocess.PIPE,
                                text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        # One after the other: the first is done when the second begins.
        self.assertTrue(listener.was_called(PATIENCE))
        process.send_signal(signal.SIGUSR1)
        self.assertIn("1/2 done", process.stderr.readline())
        self.assertIn(f"127.0.0.1:{listener.port}", process.stderr.readline())
