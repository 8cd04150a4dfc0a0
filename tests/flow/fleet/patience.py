"""Waiting for what must come, on however slow a machine."""

import time

# Seconds; nobody waits so long unless something is broken.
PATIENCE = 120


def wait_until(true, seconds=PATIENCE):
    """Whether it became so: what a test claims of it shows the rest."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
