"""An s_server whose words are kept: what a client did, seen by its peer."""

import contextlib
import pathlib
import subprocess
import threading

from .patience import wait_until
from .servers import end, s_server_command

# States of a TCP socket in /proc/net/tcp.
LISTENS = "0A"
NOT_YET_CLOSED = ("01", "03", "08")  # ESTABLISHED, SYN_RECV, CLOSE_WAIT


class Heard:
    def __init__(self, process):
        self.process = process
        self.lines = []
        self.port = None
        self._read_until_accept()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read_until_accept(self):
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith("ACCEPT"):
                self.port = int(line.rsplit(":", 1)[1])
                return
        raise RuntimeError("s_server did not start: " + "".join(self.lines))

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def _has_connections(self):
        """One that it has taken, or has still to take: it closes each after
        its last word about it.  An orphan of the kernel is neither."""
        table = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
        for row in map(str.split, table):
            port, state, inode = row[1].split(":")[1], row[3], row[9]
            if int(port, 16) == self.port and state != LISTENS and (
                    inode != "0" or state in NOT_YET_CLOSED):
                return True
        return False

    def wait_for(self, text, count=1):
        """Until it has said this, so many times: of datagrams it cannot be
        seen whether there are more."""
        wait_until(lambda: "".join(self.lines).count(text) >= count)

    def text(self):
        """All that it said; it has ended then.  A client knows earlier than
        its server that all is done, so this is waited for."""
        wait_until(lambda: not self._has_connections())
        self.process.terminate()
        self.reader.join()
        return "".join(self.lines)


@contextlib.contextmanager
def heard(*words, cert="server", chain=True):
    """It speaks of connections as s_server does without -www."""
    command = s_server_command(["-accept", "127.0.0.1:0"], cert, chain, words)
    command.remove("-www")
    # Its words shall come as it says them, not when a buffer is full.
    command = ["stdbuf", "-oL", *command]
    process = subprocess.Popen(command, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace")
    try:
        yield Heard(process)
    finally:
        end(process)
