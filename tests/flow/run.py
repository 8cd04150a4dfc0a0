#!/usr/bin/python3
"""run.py [-k WORD]... [-v] [PROGRAM] -- flow tests of a built tlsfleet.

Prints each test that failed and ends with "N passed, N failed, N skipped".
-k keeps the tests whose name holds one of the words.
"""

import argparse
import os
import pathlib
import signal
import sys
import unittest


class Counts(unittest.TextTestResult):
    """A test with failing parts (subTest) is one failed test."""

    def totals(self):
        failed = {getattr(test, "test_case", test).id()
                  for test, _ in self.failures + self.errors}
        failed.update(test.id() for test in self.unexpectedSuccesses)
        skipped = {test.id() for test, _ in self.skipped} - failed
        ran = self.testsRun
        # A module that cannot be imported is a failure that never "ran".
        return max(ran - len(failed) - len(skipped), 0), len(failed), len(skipped)


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
    if words.program and not os.access(words.program, os.X_OK):
        sys.exit(f"run.py: {words.program} is no program; is it built?")
    here = pathlib.Path(__file__).resolve().parent
    sys.path.insert(0, str(here))
    sys.dont_write_bytecode = True
    loader = unittest.TestLoader()
    if words.k:
        loader.testNamePatterns = [f"*{word}*" for word in words.k]
    suite = loader.discover(str(here), top_level_dir=str(here))
    runner = unittest.TextTestRunner(stream=sys.stdout, resultclass=Counts,
                                     verbosity=2 if words.v else 1)
    result = runner.run(suite)
    passed, failed, skipped = result.totals()
    for test, why in result.skipped:
        print(f"skipped: {test.id()}: {why}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or passed + skipped == 0 else 0


sys.exit(main())
