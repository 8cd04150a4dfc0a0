"""One call that fails, and what failing.so and the sanitizers say of it."""

import pathlib
import re

from fleet.place import TOOLS

LEAKS = pathlib.Path(__file__).resolve().parent / "leaks.supp"


class Fault:
    def __init__(self, kind, nth, goes_on, folder):
        self.kind, self.nth, self.goes_on = kind, nth, goes_on
        self.said = folder / "said"

    def __str__(self):
        return f"{self.kind} {self.nth}{' on' if self.goes_on else ''}"

    def environment(self):
        self.said.unlink(missing_ok=True)
        log = f"log_path={self.said}.complaint"
        known = f"suppressions={LEAKS}:print_suppressions=0"
        return {"LD_PRELOAD": str(TOOLS / "failing.so"),
                "FAILING": str(self), "FAILING_SAID": str(self.said),
                "ASAN_OPTIONS": f"{log}:verify_asan_link_order=0",
                "LSAN_OPTIONS": known if self.kind == "memory" else "",
                "UBSAN_OPTIONS": f"{log}:print_stacktrace=1"}

    def lines(self):
        return self.said.read_text().splitlines() if self.said.exists() else []

    def told(self):
        """Which call it was, and who called; nothing when none failed."""
        return [line for line in self.lines()
                if not line.startswith("counted ")]

    def crashed_in(self):
        """The file whose function crashed: not libc, where it died, nor us
        when libc ended it, for OpenSSL gives memory back through us."""
        lines = self.lines()
        starts = [n for n, line in enumerate(lines)
                  if line.startswith("crashed ")]
        frames = lines[starts[0] + 1:] if starts else []
        aborted = starts and lines[starts[0]].endswith(" 6")
        passed = "failing|libc\\.so" + ("|tlsfleet" if aborted else "")
        files = (pathlib.Path(frame.split("(")[0]).name for frame in frames)
        return next((file for file in files if not re.match(passed, file)),
                    None)

    def call(self):
        told = self.told()
        return told[0].split()[2] if told else None

    def counted(self):
        return int(self.lines()[-1].removeprefix("counted "))

    def complaints(self):
        for path in self.said.parent.glob(self.said.name + ".complaint*"):
            yield f"a sanitizer complains:\n{path.read_text()[:6000]}"
            path.unlink()
