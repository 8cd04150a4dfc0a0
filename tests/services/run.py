#!/usr/bin/python3
"""run.py [-k WORD]... [-v] [PROGRAM] -- tlsfleet against real servers.

Every server is started by the tests: on loopback, on ports of its own, with
its configuration and data in a temporary directory; all is gone afterwards.
A server that is not installed is a skip, with CI set in the environment a
failure.  Ends with "N passed, N failed, N skipped".
"""

import argparse
import os
import pathlib
import signal
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parent / "flow")]


def counts(result):
    """No test here has parts, so each is counted once."""
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    return max(result.testsRun - failed - skipped, 0), failed, skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-k", action="append", default=[], metavar="WORD")
    parser.add_argument("-v", action="store_true", help="name each test")
    parser.add_argument("program", nargs="?")
    words = parser.parse_args()
    # Started in the background, this would be ignored, and by the programs
    # under test too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if words.program:
        os.environ["TLSFLEET"] = str(pathlib.Path(words.program).resolve())
    # The only exception that unittest lets through to the "finally" below.
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    # Imported now, because the program is looked up at import.
    from support import leftovers, park
    leftovers.adopt()
    loader = unittest.TestLoader()
    if words.k:
        loader.testNamePatterns = [f"*{word}*" for word in words.k]
    runner = unittest.TextTestRunner(stream=sys.stdout,
                                     verbosity=2 if words.v else 1)
    try:
        result = runner.run(loader.discover(str(HERE), top_level_dir=str(HERE)))
    finally:
        park.close()
        left = leftovers.end()
    for test, why in result.skipped:
        print(f"skipped: {test.id()}: {why}")
    for process in left:
        print(f"left behind: {process}")
    passed, failed, skipped = counts(result)
    failed += bool(left)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or passed + skipped == 0 else 0


sys.exit(main())
