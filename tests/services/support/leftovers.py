"""Nothing may be left behind: whoever descends from this run ends with it."""

import ctypes
import os
import pathlib
import signal
import time

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 60  # seconds


def adopt():
    """Daemons that lose their parent become children of this process."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _children(pid):
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        # The name in parentheses may hold anything.
        state, parent = text.rpartition(")")[2].split()[:2]
        if int(parent) == pid and state != "Z":
            yield int(stat.parent.name)


def _descendants(pid):
    for child in list(_children(pid)):
        yield child
        yield from _descendants(child)


def _name(pid):
    try:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return f"{pid}"
    return f"{pid} {words.replace(bytes(1), b' ').decode(errors='replace')}"


def end():
    """Waits a moment for everybody to go; kills and names who does not."""
    until = time.monotonic() + PATIENCE
    while list(_children(os.getpid())) and time.monotonic() < until:
        time.sleep(0.05)
    left = []
    for pid in _descendants(os.getpid()):
        left.append(_name(pid))
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return left
