"""A peer that goes on for ever does not keep a session from its end."""

import subprocess
import threading
import time

from fleet import terminal
from fleet.case import FlowCase
from fleet.patience import PATIENCE
from fleet.program import start


class Endless(FlowCase):
    def test_a_reader_that_is_slower_than_the_server(self):
        """There is always more to read when a piece has been written."""
        server = terminal.TlsServer(terminal.flood)
        self.addCleanup(server.close)
        with start("-connect", f"127.0.0.1:{server.port}", "-quiet",
                   "-no_ign_eof", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                   stderr=subprocess.DEVNULL) as process:
            self.addCleanup(process.kill)

            def read():
                while process.stdout.read1(65536):
                    time.sleep(0.005)
            reader = threading.Thread(target=read, daemon=True)
            reader.start()
            process.stdin.write(b"ask\n")
            process.stdin.close()
            self.assertEqual(process.wait(PATIENCE), 0)
            reader.join()
