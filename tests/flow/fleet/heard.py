"""An s_server whose words are kept: what a client did, seen by its peer."""

import contextlib
import subprocess
import threading

from .servers import end, s_server_command


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
        self.lines.extend(self.process.stdout)

    def text(self):
        """All that it said; it has ended then."""
        self.process.terminate()
        self.reader.join(10)
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
