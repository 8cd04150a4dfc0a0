"""One call that fails, and what failing.so and the sanitizers say of it."""

import pathlib
import re
import subprocess

from fleet.place import PROGRAM, TOOLS

COMPLAINED = 99  # the exit status with which a sanitizer ends a program
# Frames that tell nothing of who is to blame: instruments, libc where it died,
# and our own hooks through which OpenSSL takes and gives back memory.
PASSED = re.compile(r"failing\.so|lib[alut]?san\.so|libc\.so"
                    r"|__interceptor_|/src/base/mem\.c|/src/tls/memory\.c"
                    r"| src/base/mem\.c| src/tls/memory\.c")
# Who follows NULL, frees twice or ends the program here and there when memory
# is refused, and is not for us to mend.
LIBRARY = re.compile(r"lib(crypto|ssl)\.so|\(getaddrinfo\+| in getaddrinfo ")
OURS = re.compile(r"\S*/tlsfleet\(\+0x([0-9a-f]+)\)")
LEAKS = pathlib.Path(__file__).resolve().parent / "leaks.supp"


def is_of_a_library(frames):
    """Whether the first frame that tells something is such a library's."""
    telling = (frame for frame in map(with_place, frames)
               if LIBRARY.search(frame) or not PASSED.search(frame))
    return bool(LIBRARY.search(next(telling, "")))


def with_place(frame):
    """A frame of the program with its place in the source, as sanitizers tell
    it: through some of us OpenSSL takes and gives back memory."""
    match = OURS.match(frame)
    if not match:
        return frame
    call = int(match[1], 16) - 1  # it is where the call returns to
    return frame + " " + subprocess.run(
        ["addr2line", "-e", PROGRAM, hex(call)], check=True, text=True,
        capture_output=True).stdout


def stacks_of(complaint):
    """The stacks of a sanitizer's complaint, but not how threads began."""
    for part in complaint.split("\n\n"):
        heading, *_ = part.strip().splitlines() or [""]
        frames = [line for line in part.splitlines()
                  if line.lstrip().startswith("#")]
        if frames and not heading.startswith("Thread "):
            yield frames


class Fault:
    def __init__(self, kind, nth, goes_on, folder):
        self.kind, self.nth, self.goes_on = kind, nth, goes_on
        self.said = folder / "said"

    def __str__(self):
        return f"{self.kind} {self.nth}{' on' if self.goes_on else ''}"

    def environment(self):
        self.said.unlink(missing_ok=True)
        log = f"log_path={self.said}.complaint"
        asan = f"{log}:verify_asan_link_order=0:exitcode={COMPLAINED}"
        known = ""
        if self.kind == "memory":
            # Only whole stacks show that a leak is a library's.
            asan += ":fast_unwind_on_malloc=0"
            known = f"suppressions={LEAKS}:print_suppressions=0"
        return {"LD_PRELOAD": str(TOOLS / "failing.so"),
                "FAILING": str(self), "FAILING_SAID": str(self.said),
                "ASAN_OPTIONS": asan, "LSAN_OPTIONS": known,
                "UBSAN_OPTIONS": f"{log}:print_stacktrace=1"}

    def lines(self):
        return self.said.read_text().splitlines() if self.said.exists() else []

    def told(self):
        """Which call it was, and who called; nothing when none failed."""
        return [line for line in self.lines()
                if not line.startswith("counted ")]

    def was_refused_to_a_library(self):
        """Where it was refused to us, what we then gave a library is to
        blame.  All that is refused later is not told of."""
        refused = self.told()[1:]
        crash = [n for n, line in enumerate(refused)
                 if line.startswith("crashed ")]
        return self.kind == "memory" and (
            self.goes_on or is_of_a_library(refused[:(crash or [None])[0]]))

    def is_crash_of_a_library(self):
        """Whether what crashed is a library that was refused memory."""
        lines = self.lines()
        crash = [n for n, line in enumerate(lines)
                 if line.startswith("crashed ")]
        return (bool(crash) and self.was_refused_to_a_library()
                and is_of_a_library(lines[crash[0] + 1:]))

    def accepts(self, complaint):
        """Whether a sanitizer's complaint is about such a library: also who
        gave back what is used, or given back once more, must be one."""
        found = complaint.partition("ERROR: AddressSanitizer: ")[2]
        stacks = list(stacks_of(found))
        return (bool(stacks) and self.was_refused_to_a_library()
                and all(map(is_of_a_library, stacks)))

    def call(self):
        told = self.told()
        return told[0].split()[2] if told else None

    def counted(self):
        return int(self.lines()[-1].removeprefix("counted "))

    def complaints(self):
        for path in self.said.parent.glob(self.said.name + ".complaint*"):
            yield f"a sanitizer complains:\n{path.read_text()[:6000]}"
            path.unlink()
