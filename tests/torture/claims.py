"""What must be true of a scan in which one of our own calls failed."""

import re
import signal

from fault import COMPLAINED
from scene import RECORDS, REPORTS

CLEAN, FOUND, USAGE, INCOMPLETE = range(4)
# Without any memory a record may lose even its status.
OURS = ("internal", "config", "", None)
# What such a record still claims about a peer must be right.
VERDICTS = ("verified", "name_match", "protocol", "cipher", "subject")
# What is no verdict; not to know it is no lie.
MAY_BE_UNKNOWN = ("change", "repro")
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def differences(found, right):
    return {k: (right.get(k), found.get(k)) for k in {**right, **found}
            if right.get(k) != found.get(k)}


def blames(found, right):
    """What a record claims that it must not, or nothing."""
    unknown = {name: right[name] for name in MAY_BE_UNKNOWN
               if name in right and not found.get(name)}
    if str(found.get("expect")).startswith("undetermined"):
        unknown["expect"] = right["expect"]
    if {**found, **unknown} == right:
        return None
    if found.get("status") not in OURS:
        return f"another verdict: {differences(found, right)}"
    claimed = {k for k in VERDICTS
               if found.get(k) not in (None, "", "not_asked", right.get(k))}
    return f"ours, and yet it says {claimed}" if claimed else None


def wrong_records(name, found, right):
    if len(found) != RECORDS:
        yield f"{name}: {len(found)} records"
        return
    for one, wanted in zip(found, right):
        if one["index"] != wanted["index"]:
            yield f"{name}: {one['index']} is out of its place"
        elif why := blames(one, wanted):
            yield f"{name}: {wanted['index']}: {why}"


def wrong_reports(scene, run):
    try:
        found = scene.records()
    except Exception as why:  # any report that cannot be read
        yield f"a report is cut: {why!r}"
        return
    for name, records in found.items():
        yield from wrong_records(name, records, scene.right[name])
    if run.status in (CLEAN, FOUND):
        for name in REPORTS:
            if not (scene.out / name).exists():
                yield f"exit {run.status}, and the report {name} is not there"
    if run.status == USAGE and found:
        yield f"exit 2, and there are reports: {list(found)}"


def wrong_rest(scene, refused, also=""):
    """What lies about afterwards."""
    allowed = re.compile(r"(%s)(\.partial|\.journal(\.old)?)?|keys|session\..*"
                         % "|".join(REPORTS) + also)
    for path in scene.out.iterdir():
        # An unlink that fails leaves what it should have taken away.
        if not allowed.fullmatch(path.name) and refused not in (
                "unlink", "unlinkat"):
            yield f"left behind: {path.name}"


def was_ended_by_a_library(run, fault):
    """What was found until then must not be lost all the same.  A sanitizer's
    complaint has been looked at when this is asked."""
    return run.status == COMPLAINED or (
        run.status in (-signal.SIGSEGV, -signal.SIGABRT)
        and fault.is_crash_of_a_library())


def was_killed(run, fault):
    return run.status == -signal.SIGKILL and fault.kind == "killed"


def is_resumable(run):
    return run.status not in (CLEAN, FOUND, USAGE)


def wrong_in(scene, run, fault):
    """All that is wrong with a run, as sentences."""
    if run.status not in (CLEAN, FOUND, USAGE, INCOMPLETE):
        if not (was_killed(run, fault) or was_ended_by_a_library(run, fault)):
            yield f"exit {run.status}"
        return
    if run.status == CLEAN:
        yield "exit 0, with a target that refused"
    if run.status in (USAGE, INCOMPLETE) and not run.err and not fault.goes_on:
        yield f"exit {run.status} without a word"
    if RAW.search(run.err + run.out):
        yield "raw bytes on a stream"
    yield from wrong_reports(scene, run)
    if not fault.goes_on:
        yield from wrong_rest(scene, fault.call())
    if not fault.call() and (run.status != scene.whole.status
                             or scene.records() != scene.right):
        yield "another report without any fault"


def wrong_after(scene):
    """The scan goes on without any fault, and ends as if there had been none."""
    run = scene.run_again()
    if run.status != scene.whole.status:
        yield f"resumed: exit {run.status}: {run.err}"
    elif (found := scene.records()) != scene.right:
        for name, records in found.items():
            yield from (f"resumed: {why}" for why in
                        wrong_records(name, records, scene.right[name]))
    # A file of a target that was killed in the middle has no name yet.
    yield from wrong_rest(scene, None, also=r"|\.tlsfleet\.[0-9a-f]+")
