#!/usr/bin/python3
"""run.py [-faults N|all] [-seed N] [-lanes N] [-k SWEEP] [-at N] PROGRAM

The scan of a small fleet, again and again; each time another call fails: of the
allocations the first, the second, the third ..., and so the system calls.  What
must be true then is in claims.py.

-faults is how many of each sweep are tried, at places that -seed chooses (the
same ones whenever none is given); "all" is one after the other until a scan
meets no fault.  A sweep is a test.
"""

import argparse
import contextlib
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "flow")]
sys.dont_write_bytecode = True

# Kind of call, and whether all later ones fail as well.
SWEEPS = {"memory": ("memory", False), "memory on": ("memory", True),
          "system": ("system", False), "system on": ("system", True),
          "signal": ("signal", False), "short": ("short", False),
          "short on": ("short", True), "killed": ("killed", False)}
SHOWN = 10  # wrong runs of a sweep


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-faults", default="150")
    parser.add_argument("-seed", type=int, default=1)
    parser.add_argument("-lanes", type=int, default=3)
    parser.add_argument("-k", choices=SWEEPS, help="only this sweep")
    parser.add_argument("-at", type=int, help="only this call")
    parser.add_argument("program")
    return parser.parse_args()


def places(words, count):
    """Which calls shall fail, of so many; a few more, as no two runs are equal.

    One in each of -faults parts of equal size, somewhere in it."""
    if words.at:
        return [words.at]
    if words.faults == "all":
        return range(1, 2 * count)
    parts = min(int(words.faults), count)
    chance = random.Random(words.seed)
    return [count * n // parts + 1 + chance.randrange(max(count // parts, 1))
            for n in range(parts)]


def try_one(scene, fault):
    """What is wrong with a scan that meets the fault."""
    import claims
    try:
        run = scene.run(fault.environment())
    except subprocess.TimeoutExpired:
        return ["it hangs", *fault.told()]
    complaints = list(fault.complaints())
    if fault.kind == "memory" and any("AddressSanitizer: CHECK failed" in text
                                      for text in complaints):
        return []  # it was the sanitizer that got no memory
    wrong = [text for text in complaints if not fault.accepts(text)]
    wrong += claims.wrong_in(scene, run, fault)
    if not wrong and claims.is_resumable(run):
        wrong = list(claims.wrong_after(scene))
    return [*wrong, str(run), *fault.told()] if wrong else []


class Sweep:
    """The faults of one kind, shared by the lanes."""

    def __init__(self, kind, goes_on, places):
        self.kind, self.goes_on = kind, goes_on
        self.places = iter(places)
        self.lock = threading.Lock()
        self.tried = self.met = self.wrong = 0

    def take(self):
        with self.lock:
            return next(self.places, None)

    def note(self, fault, wrong):
        with self.lock:
            met = bool(fault.told())
            self.tried += 1
            self.met += met
            self.wrong += bool(wrong)
            if not met and not wrong:
                self.places = iter(())
            if wrong and self.wrong <= SHOWN:
                print(f"---- {fault}", *wrong, sep="\n", flush=True)

    def lane(self, scene):
        from fault import Fault
        while (nth := self.take()) is not None:
            fault = Fault(self.kind, nth, self.goes_on, scene.folder)
            self.note(fault, try_one(scene, fault))

    def run(self, scenes):
        lanes = [threading.Thread(target=self.lane, args=(scene,))
                 for scene in scenes]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()


def count(scene, kind):
    """How many calls there are in a scan where none fails."""
    from fault import Fault
    fault = Fault(kind, 0, False, scene.folder)
    scene.run(fault.environment())
    return fault.counted()


def torture(words, scenes):
    from fleet.place import INSTRUMENTED
    passed = failed = skipped = 0
    for name, (kind, goes_on) in SWEEPS.items():
        if words.k not in (None, name):
            continue
        if INSTRUMENTED and name == "memory on":
            print(f"skipped: {name}: the instrument needs memory as well")
            skipped += 1
            continue
        calls = count(scenes[0], kind)
        began = time.monotonic()
        sweep = Sweep(kind, goes_on, places(words, calls))
        sweep.run(scenes)
        print(f"{name}: {calls} calls, {sweep.met} failed, {sweep.wrong} runs "
              f"were wrong, {time.monotonic() - began:.0f} s", flush=True)
        passed += sweep.wrong == 0
        failed += sweep.wrong > 0
    return passed, failed, skipped


def main():
    words = arguments()
    os.environ["TLSFLEET"] = str(pathlib.Path(words.program).resolve())
    from fleet.place import BUILD
    from scene import Scene
    print(f"torture: -faults {words.faults} -seed {words.seed}", flush=True)
    BUILD.mkdir(exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="torture.", dir=BUILD))
    try:
        with contextlib.ExitStack() as stack:
            scenes = [Scene(stack, folder / str(n))
                      for n in range(words.lanes)]
            passed, failed, skipped = torture(words, scenes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
