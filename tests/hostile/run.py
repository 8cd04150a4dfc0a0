#!/usr/bin/python3
"""run.py [-k WORD]... [-v] [PROGRAM] -- peers that misbehave.

One scan meets them all.  Each row of rows.py is a test: the record must be the
one that the row says; and the reports must hold no byte that a terminal obeys,
the program must stay small, and end.  -k keeps the rows that hold a WORD.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "flow")]
sys.dont_write_bytecode = True

REPORTS = ("text", "full", "brief", "csv", "jsonl", "prometheus")
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f"
                 "\u2028-\u202e\u2066-\u2069\ufeff\ufffd]")
WORKERS = 64
MEMORY_KIB = 200 * 1024  # of the whole scan
SECONDS = 300


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-k", action="append", default=[], metavar="WORD")
    parser.add_argument("-v", action="store_true", help="show each record")
    parser.add_argument("program", nargs="?")
    return parser.parse_args()


def write_list(path, rows, ports):
    """JSON is YAML."""
    targets = [{"connect": f"a.demo.test@127.0.0.1:{port}", **{
                    name: word.format(port=port) if name == "proxy" else word
                    for name, word in row.words.items()}}
               for row, port in zip(rows, ports)]
    path.write_text("---\n" + json.dumps({"targets": targets}, indent=1))


def scan(folder, ca):
    from fleet import program
    words = ["-targets", folder / "list.yaml", "-workers", WORKERS, "-fields",
             "all", "-CAfile", ca, "-fail_on", "none", "-progress", "none"]
    for name in REPORTS:
        words += ["-report", f"{name}={folder / name}"]
    return program.run(*words, seconds=SECONDS)


class Results:
    def __init__(self, verbose):
        self.verbose = verbose
        self.passed = self.failed = 0

    def note(self, what, wrong, shown=""):
        self.passed += not wrong
        self.failed += bool(wrong)
        if wrong:
            print(f"FAILED {what}: {wrong}{shown}")
        elif self.verbose:
            print(f"{what}{shown}")


def wrong_fields(row, record):
    return {name: f"{record[name]!r}, not {value!r}"
            for name, value in row.fields.items() if record[name] != value}


def judge_rows(rows, records, results):
    for row, record in zip(rows, records):
        shown = "".join(f"\n    {record[name][:300]}"
                        for name in ("error", "warnings", "subject", "san")
                        if record[name])
        results.note(row.what, wrong_fields(row, record), shown)


def raw_places(folder):
    for name in REPORTS:
        text = (folder / name).read_bytes().decode("utf-8", "strict")
        if match := RAW.search(text):
            start = max(match.start() - 40, 0)
            yield name, text[start:match.end() + 20]


def judge_run(folder, run, rows, results):
    from fleet.place import INSTRUMENTED
    from fleet.program import read_csv, read_jsonl
    results.note("exit status", "" if run.status == 0 else str(run))
    records = read_csv((folder / "csv").read_text())
    results.note("one record each", "" if len(records) == len(rows)
                 == len(read_jsonl((folder / "jsonl").read_text()))
                 else f"{len(records)} records")
    judge_rows(rows, records, results)
    results.note("no raw bytes", list(raw_places(folder)))
    formulas = [cell for record in records for cell in record.values()
                if cell[:1] in set("=+@\t\r")]
    results.note("no formulas", formulas)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    results.note("memory", "" if memory < MEMORY_KIB or INSTRUMENTED
                 else f"{memory} KiB")
    print(f"hostile: {run.seconds:.0f} s, at most {memory} KiB")


def main():
    words = arguments()
    if words.program:
        os.environ["TLSFLEET"] = str(pathlib.Path(words.program).resolve())
    from fleet.place import BUILD
    from rows import all_rows
    from stage import Stage
    rows = [row for row in all_rows()
            if not words.k or any(word in row.what for word in words.k)]
    BUILD.mkdir(exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hostile.", dir=BUILD))
    results = Results(words.v)
    try:
        with contextlib.ExitStack() as stack:
            stage = Stage(stack, folder)
            write_list(folder / "list.yaml", rows,
                       [row.start(stage) for row in rows])
            judge_run(folder, scan(folder, stage.pki / "root.pem"), rows,
                      results)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{results.passed} passed, {results.failed} failed, 0 skipped")
    return 1 if results.failed else 0


if __name__ == "__main__":
    sys.exit(main())
