#!/usr/bin/python3
"""run.py PROGRAM -- what a target costs, as ratios measured in one run.

Figures of one machine say little; ratios of programs that ran by turns on the
same machine say more.  Rounds are interleaved and the median is taken.  All
peers are one process on loopback, which shares the processors with us.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "flow"))
sys.dont_write_bytecode = True

from fleet.place import TOOLS, certificates  # noqa: E402
from fleet.servers import peers  # noqa: E402
from fleet.terminal import TlsServer  # noqa: E402

NAME = "a.demo.test"
ROUNDS = 3
SYSTEM_CA = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")


class Cost:
    """What a finished process took, as tests/bench/cost.c tells it."""

    def __init__(self, line):
        status, seconds, cpu, peak = line.split()
        self.status = int(status)
        self.seconds = float(seconds)
        self.cpu = float(cpu)
        self.peak_mib = int(peak) / 1024


def measure(*words):
    done = subprocess.run([TOOLS / "cost", *map(str, words)], check=True,
                          capture_output=True, text=True)
    cost = Cost(done.stdout)
    if cost.status not in (0, 1):
        raise SystemExit(f"bench: {words[0]} ended with {cost.status}")
    return cost


def by_turns(*commands):
    """Median costs of commands that run one after the other, again and again."""
    costs = [[] for _ in commands]
    for _ in range(ROUNDS):
        for kept, command in zip(costs, commands):
            kept.append(command())
    return [sorted(kept, key=lambda cost: cost.cpu)[ROUNDS // 2] for kept in costs]


def addresses(count):
    return [f"127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}"
            for n in range(count)]


def say(what, value, aim=""):
    print(f"  {what:<58} {value:>12}  {aim}", flush=True)


def seconds_by_turns(source, *commands):
    """Median times of commands that read a file and write to nowhere."""
    times = [[] for _ in commands]
    for _ in range(ROUNDS):
        for kept, command in zip(times, commands):
            began = time.monotonic()
            with source.open("rb") as file:
                subprocess.run(list(map(str, command)), stdin=file, check=True,
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
            kept.append(time.monotonic() - began)
    return [sorted(kept)[ROUNDS // 2] for kept in times]


def pour(size):
    """A server that sends so many bytes."""
    def handler(peer):
        piece = bytes(1 << 20)
        for _ in range(size >> 20):
            peer.sendall(piece)
        peer.unwrap()
    return handler


def drink(size):
    """A server that takes so many bytes and says goodbye."""
    def handler(peer):
        room = bytearray(1 << 20)
        left = size
        while left > 0:
            left -= peer.recv_into(room)
        peer.unwrap()
    return handler


class Bench:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        # As people have it: the system's authorities and one's own.
        self.ca = folder / "ca.pem"
        self.ca.write_bytes((certificates() / "root.pem").read_bytes()
                            + SYSTEM_CA.read_bytes())

    def file(self, name, lines):
        path = self.folder / name
        with path.open("w") as f:
            f.writelines(line + "\n" for line in lines)
        return path

    def fleet(self, count, port):
        return self.file(f"fleet-{count}-{port}", (
            f"{NAME}@{address}:{port}" for address in addresses(count)))

    def scan(self, targets, *words):
        return measure(self.program, "-targets", targets, "-CAfile", self.ca,
                       "-report", "csv", "-progress", "none", *words)

    def cpu(self):
        """CPU a target: against the least possible, and against a shell."""
        count, few = 2000, 100
        with peers("tls") as ports:
            port = ports["tls"]
            hosts = self.file("hosts", addresses(count))
            few_hosts = self.file("few", addresses(few))
            fleet = self.fleet(count, port)
            openssl = ["xargs", "-a", few_hosts, "-P", "2", "-I", "ADDRESS",
                       "openssl", "s_client", "-connect", f"ADDRESS:{port}",
                       "-servername", NAME, "-verify_hostname", NAME,
                       "-CAfile", self.ca]
            bare, one, many, shell = by_turns(
                lambda: measure(TOOLS / "bare", hosts, port, self.ca, NAME),
                lambda: self.scan(fleet, "-workers", "1"),
                lambda: self.scan(fleet, "-workers", "32"),
                lambda: measure(*openssl))
        print(f"client CPU a target ({count} targets, no delay)")
        for name, cost, n in (("bare OpenSSL loop, one thread", bare, count),
                              ("tlsfleet -workers 1, csv", one, count),
                              ("tlsfleet -workers 32, csv", many, count),
                              ("xargs -P 2 openssl s_client", shell, few)):
            say(name, f"{cost.cpu / n * 1e3:.3f} ms")
        say("tlsfleet -workers 1 / bare", f"{one.cpu / bare.cpu:.2f}", "aim <= 1.35")
        say("tlsfleet -workers 32 / bare", f"{many.cpu / bare.cpu:.2f}")
        say("xargs openssl s_client / tlsfleet -workers 32",
            f"{shell.cpu / few / (many.cpu / count):.1f}", "aim >= 25")

    def workers(self):
        """Speed and memory by the number of targets in flight."""
        print("servers that answer after 100 ms")
        with peers("tls", options=["-delay", "100", "-threads", "2"]) as ports:
            for workers, count in ((2, 60), (64, 2000), (256, 5000), (1000, 8000)):
                cost = self.scan(self.fleet(count, ports["tls"]), "-workers", workers)
                say(f"-workers {workers} ({count} targets)",
                    f"{count / cost.seconds:.0f}/s",
                    f"{cost.cpu / count * 1e3:.3f} ms CPU a target, "
                    f"peak {cost.peak_mib:.1f} MiB")

    def order(self):
        """The price of list order when a tenth never answers."""
        count = 3000
        words = ("-workers", "256", "-deadline", "3", "-retries", "0")
        with peers("tls", options=["-holes", "10", "-threads", "2"]) as ports:
            fleet = self.fleet(count, ports["tls"])
            ordered, unordered = by_turns(
                lambda: self.scan(fleet, *words),
                lambda: self.scan(fleet, *words, "-unordered"))
        print(f"a tenth black holes ({count} targets, 256 workers, deadline 3 s)")
        say("list order", f"{count / ordered.seconds:.0f}/s",
            f"peak {ordered.peak_mib:.1f} MiB")
        say("-unordered", f"{count / unordered.seconds:.0f}/s",
            f"peak {unordered.peak_mib:.1f} MiB")
        say("list order / -unordered",
            f"{unordered.seconds / ordered.seconds:.2f}", "aim >= 0.9")

    def lists(self):
        """Memory does not grow with the list."""
        print("peak memory of -dry_run")
        for form in ("plain", "yaml"):
            peaks = {}
            for count in (1000, 1000000):
                path = self.file(f"list-{form}", self.list_lines(form, count))
                cost = measure(self.program, "-targets", path, "-dry_run")
                peaks[count] = cost.peak_mib
                say(f"{form}, {count} targets", f"{cost.peak_mib:.1f} MiB",
                    f"{cost.seconds:.2f} s")
                path.unlink()
            say(f"{form}, a million / a thousand",
                f"{peaks[1000000] / peaks[1000]:.2f}", "aim <= 1.1")

    def open_connection(self):
        """Seconds for a GiB through one open connection, against s_client."""
        size = 1 << 30
        zeros = self.folder / "zeros"
        with zeros.open("wb") as file:
            file.truncate(size)
        print("1 GiB through one connection that stays open")
        for way, handler, source in (
                ("from the server", pour(size), pathlib.Path("/dev/null")),
                ("to the server", drink(size), zeros)):
            server = TlsServer(handler)
            words = ["-connect", f"127.0.0.1:{server.port}", "-quiet",
                     "-CAfile", certificates() / "root.pem"]
            theirs, ours = seconds_by_turns(
                source, ["openssl", "s_client", *words], [self.program, *words])
            server.close()
            say(f"{way}, openssl s_client", f"{theirs:.2f} s")
            say(f"{way}, tlsfleet", f"{ours:.2f} s")
            say(f"{way}, tlsfleet / s_client", f"{ours / theirs:.2f}", "aim <= 1.0")
        zeros.unlink()

    @staticmethod
    def list_lines(form, count):
        if form == "yaml":
            yield "targets:"
        before = "  - " if form == "yaml" else ""
        for n in range(count):
            yield f"{before}host{n}.example.com:443"


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    done = subprocess.run([program, "-version"], capture_output=True, text=True)
    print(done.stdout.splitlines()[0], "on", os.cpu_count(), "processors, load",
          "%.1f" % os.getloadavg()[0])
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(program, pathlib.Path(folder))
        bench.cpu()
        bench.workers()
        bench.order()
        bench.lists()
        bench.open_connection()


main()
