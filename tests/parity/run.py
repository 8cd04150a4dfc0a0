#!/usr/bin/python3
"""run.py [-k WORD]... [-j N] [-v] [PROGRAM] -- the same words to `openssl
s_client` and to tlsfleet.

First coverage.py is asked whether the cases leave out an option of s_client.
Then each case of cases.tsv runs once through either client, against a server of its
own; what they print, where, and how they end must be the same once normalise.py
has taken out what varies.  A case of differences.md must differ; one with
"!if=OPTION" only where the help of s_client lists that option, with
"!unless=OPTION" only where it does not.  Skipped are cases with "!since=3.5" where
openssl is older.

-k keeps the cases whose name holds one of the words.  OPENSSL names the openssl
program, which must be of the library that tlsfleet is linked with.
Ends with "N passed, N failed, N skipped".
"""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import coverage
import normalise
from cases import read_cases, read_differences

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OPENSSL = os.environ.get("OPENSSL", "openssl")
PROGRAM = os.environ.get("TLSFLEET", str(ROOT / "build/release/tlsfleet"))
ENGINE = ROOT / "build/tools/test_engine.so"
SLOW = float(os.environ.get("TLSFLEET_SLOW", "1"))
TIMEOUT = 20 * SLOW
DIFF_LINES = 30  # shown of each part


class Failure(Exception):
    """The case could not be run."""


def unescape(text):
    """As printf %b."""
    table = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
    return re.sub(r"\\(x[0-9a-fA-F]{2}|.)",
                  lambda m: chr(int(m[1][1:], 16)) if m[1][0] == "x"
                  and len(m[1]) == 3 else table.get(m[1], m[0]), text)


# ---- one client against one server ----

class Run:
    """What one client did."""

    def __init__(self, folder, variables, pace):
        self.folder = pathlib.Path(folder)
        self.variables = variables
        self.pace = pace
        self.out = self.err = b""
        self.status = None
        self.processes = []
        self.shut = socket.socket()  # bound where nobody shall listen
        self.port = 1
        self.front = 1

    def fill(self, text):
        values = {
            "D": self.variables["D"], "W": str(self.folder),
            "P": str(self.front), "C": f"127.0.0.1:{self.front}",
            "BP": str(self.port), "U": str(self.folder / "u"),
            "ENGINE": str(ENGINE),
        }
        values = {**self.variables, **values}
        return re.sub(r"@([A-Z0-9]+)@",
                      lambda m: values.get(m[1], m[0]), text)

    def spawn(self, words, name, **how):
        output = self.folder / name
        with open(output, "wb") as file:
            process = subprocess.Popen(words, stdin=subprocess.PIPE,
                                       stdout=file, stderr=subprocess.STDOUT,
                                       **how)
        self.processes.append(process)
        return process, output

    def wait_port(self, process, output, pattern):
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            found = re.search(pattern, output.read_text("latin1"), re.M)
            if found:
                return int(found[1]) if found.groups() else 1
            if process.poll() is not None:
                break
            time.sleep(0.01)
        raise Failure(f"no server: {output.read_text('latin1')[-300:]}")

    def start_helper(self, *words):
        environ = dict(os.environ,
                       PARITY_HELPER_LOG=str(self.folder / "helper.log"))
        process, output = self.spawn(
            [sys.executable, str(HERE / "helper.py"), *words],
            f"server.{words[0]}", env=environ)
        return self.wait_port(process, output, r"^PORT (\d+)$")

    def start_server(self, case):
        if "none" in case.directives:
            self.shut.bind(("127.0.0.1", 0))
            self.front = self.shut.getsockname()[1]
            return
        if "helper" in case.directives:
            self.front = self.start_helper(case.directives["helper"])
            return
        at = ["-accept", "127.0.0.1:0"]
        if "v6" in case.directives:
            at = ["-accept", "[::1]:0"]
        if "unix" in case.directives:
            at = ["-unix", str(self.folder / "u"), "-unlink"]
        process, output = self.spawn(
            [OPENSSL, "s_server", *at, *shlex.split(self.fill(case.server))],
            "server")
        pattern = (r"^ACCEPT" if "unix" in case.directives
                   else r"^ACCEPT .*:(\d+)$")
        self.port = self.front = self.wait_port(process, output, pattern)
        if "in" in case.directives:
            script = case.directives["in"].replace("_", " ")
            threading.Thread(target=self.feed, args=(process.stdin, script),
                             daemon=True).start()
        if "front" in case.directives:
            self.front = self.start_helper("front", case.directives["front"],
                                           str(self.port))

    def feed(self, pipe, script):
        try:
            for segment in script.split("|"):
                if segment.startswith("~"):
                    time.sleep(float(segment[1:]) * self.pace)
                else:
                    pipe.write(unescape(segment).encode("latin1"))
                    pipe.flush()
        except OSError:
            pass

    def run_step(self, program, words, script):
        environ = dict(os.environ)
        words = shlex.split(self.fill(words))
        while words and re.match(r"[A-Za-z_]\w*=", words[0]):
            name, _, environ[name] = words.pop(0).partition("=")
        # Without a terminal: s_client would ask there for a pass phrase.
        process = subprocess.Popen(
            [*program, *words], env=environ, cwd=self.folder,
            start_new_session=True,
            stdin=subprocess.DEVNULL if script == "-" else subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        streams = [b"", b""]
        readers = [threading.Thread(target=self.drain, args=(pipe, streams, i))
                   for i, pipe in enumerate((process.stdout, process.stderr))]
        for reader in readers:
            reader.start()
        if script != "-":
            threading.Thread(target=self.feed_all,
                             args=(process.stdin, script), daemon=True).start()
        try:
            self.status = process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            self.status = "timeout"
        for reader in readers:
            reader.join()
        self.out += streams[0]
        self.err += streams[1]

    def feed_all(self, pipe, script):
        self.feed(pipe, script)
        try:
            pipe.close()
        except OSError:
            pass

    @staticmethod
    def drain(pipe, streams, i):
        streams[i] = pipe.read()
        pipe.close()

    def stop(self):
        self.shut.close()
        for process in reversed(self.processes):
            process.kill()
            process.wait()
            try:
                process.stdin.close()
            except OSError:
                pass

    def go(self, case, program):
        try:
            self.start_server(case)
            for step in case.steps:
                self.run_step(program, step, case.script)
        finally:
            self.stop()

    def shape(self, ours):
        """All that is compared, as {part: text}."""
        parts = {
            "exit status": str(self.status),
            "stdout": normalise.stream(self.out, str(self.folder)),
            "stderr": normalise.stream(self.err, str(self.folder), ours),
        }
        for path in sorted(self.folder.iterdir()):
            if path.is_file() and not path.name.startswith("server"):
                parts[path.name] = normalise.file(path.read_bytes())
        return parts


# ---- comparing ----

def differences(reference, ours):
    """Lines of a diff, none when all is the same."""
    lines = []
    for part in sorted(set(reference) | set(ours)):
        if reference.get(part) != ours.get(part):
            lines.append(f"   {part}:")
            lines += ["     " + line for line in difflib.unified_diff(
                reference.get(part, "(none)").split("\n"),
                ours.get(part, "(none)").split("\n"),
                "s_client", "tlsfleet", n=1, lineterm="")][2:][:DIFF_LINES]
    return lines


def numbers(text):
    """The version that a text begins with, after the name of a program."""
    return [int(n) for n in re.findall(r"\d+", text)[:2]]


class Bench:
    """Runs cases, several at a time."""

    def __init__(self, words, variables):
        self.words = words
        self.variables = variables
        self.listed = read_differences()
        self.version = numbers(subprocess.run([OPENSSL, "version"], text=True,
                                              capture_output=True).stdout)
        self.help = subprocess.run([OPENSSL, "s_client", "-help"],
                                   capture_output=True, text=True).stderr

    def once(self, case, pace):
        runs = []
        for program in ([OPENSSL, "s_client"], [self.words.program]):
            with tempfile.TemporaryDirectory(prefix="parity.") as folder:
                run = Run(folder, self.variables, pace)
                run.go(case, program)
                runs.append((run, run.shape(ours=bool(runs))))
        return differences(runs[0][1], runs[1][1])

    def may_differ(self, case):
        """Whether this s_client is one that the row of differences.md is about:
        its help lists the option of "!if", and not that of "!unless"."""
        wanted, other = (case.directives.get(word) for word in ("if", "unless"))
        lists = [f" -{option} " in self.help if option else None
                 for option in (wanted, other)]
        return lists[0] is not False and not lists[1]

    def judge(self, case):
        """(verdict, lines): a machine under load gets two more, slower tries."""
        if self.version < numbers(case.directives.get("since", "0")):
            return "skipped", []
        listed = case.id in self.listed and self.may_differ(case)
        for pace in (SLOW, 4 * SLOW, 12 * SLOW):
            try:
                found = self.once(case, pace)
            except Failure as failure:
                why = [f"   {failure}"]
                continue
            if bool(found) == listed:
                return ("different" if listed else "equal"), found
            why = found or ["   listed in differences.md, but equal"]
        return "failed", why

    def run(self, cases):
        counts = dict.fromkeys(("equal", "different", "failed", "skipped"), 0)
        with concurrent.futures.ThreadPoolExecutor(self.words.j) as pool:
            for case, (verdict, lines) in zip(cases,
                                              pool.map(self.judge, cases)):
                counts[verdict] += 1
                if verdict == "failed" or self.words.v:
                    print(f"{verdict}: {case.id}: {case.about}")
                    print(*lines, sep="\n", end="\n" if lines else "",
                          flush=True)
        return counts


def make_files():
    """Certificates and the like, once; and the server that has the CRLs."""
    folder = ROOT / "build" / "parity"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([HERE / "certs", folder], check=True)
    variables = dict(line.split("=", 1)
                     for line in (folder / "vars").read_text().splitlines())
    variables["D"] = str(folder)
    return variables


def clean_environment():
    os.environ["OPENSSL_CONF"] = "/dev/null"
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE",
                 "http_proxy", "no_proxy"):
        os.environ.pop(name, None)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-k", action="append", default=[], metavar="WORD")
    parser.add_argument("-j", type=int, default=3, metavar="N")
    parser.add_argument("-v", action="store_true", help="tell of every case")
    parser.add_argument("program", nargs="?", default=PROGRAM)
    words = parser.parse_args()
    # Started in the background, this would be ignored, and by the programs
    # under test too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    words.program = str(pathlib.Path(words.program).resolve())
    if not os.access(words.program, os.X_OK):
        sys.exit(f"run.py: {words.program} is no program; is it built?")
    clean_environment()
    variables = make_files()
    every = list(read_cases())
    left_out = list(coverage.gaps(every))
    for gap in left_out:
        print(f"failed: {gap}")
    cases = [case for case in every
             if not words.k or any(word in case.id for word in words.k)]
    crls = subprocess.Popen(
        [sys.executable, str(HERE / "helper.py"), "http", variables["D"],
         variables["CRLAT"]], stdout=subprocess.PIPE)
    try:
        if not crls.stdout.readline():
            sys.exit("run.py: nobody serves the CRLs")
        counts = Bench(words, variables).run(cases)
    finally:
        crls.kill()
        crls.wait()
    print(f"{counts['equal']} equal, {counts['different']} different on "
          f"purpose, of {len(cases)} cases")
    passed = counts["equal"] + counts["different"]
    failed = counts["failed"] + len(left_out)
    print(f"{passed} passed, {failed} failed, {counts['skipped']} skipped")
    return 1 if failed or not passed else 0


sys.exit(main())
