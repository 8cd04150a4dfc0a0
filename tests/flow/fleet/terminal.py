"""tlsfleet at a terminal, and TLS servers in a thread for it to talk to."""

import os
import pty
import select
import socket
import struct
import subprocess
import termios
import time

from .patience import PATIENCE
from .program import command, environment
from .threads import Server, tls_context


class Terminal:
    """A pty with the program on it, as in a window."""

    def __init__(self, *words):
        self.master, slave = pty.openpty()
        # The pty is the terminal that signals come from.  Nothing of Python
        # runs between fork and exec: servers are threads here.
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *command(words)], stdin=slave, stdout=slave,
            stderr=slave, env=environment())
        os.close(slave)
        self.text = ""

    def echoes(self):
        """Whether what is typed is shown."""
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.master, text.encode("latin1"))

    def read(self, seconds):
        """Adds what is shown within that time; False when nothing is."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            self.text += os.read(self.master, 65536).decode("latin1")
        except OSError:  # the program has gone
            return False
        return True

    def wait_for(self, what):
        """Until this is shown, after what was waited for before."""
        until = time.monotonic() + PATIENCE
        while what not in self.text:
            left = until - time.monotonic()
            if left <= 0 or not self.read(min(left, 1)):
                if left <= 0 or self.process.poll() is not None:
                    raise AssertionError(
                        f"{what!r} is not shown in {self.text[-2000:]!r}")
        before, _, self.text = self.text.partition(what)
        return before

    def end(self):
        """The exit status, once all is read."""
        until = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.05)
        status = self.process.wait(max(until - time.monotonic(), 0.1))
        while self.read(0):
            pass
        return status

    def close_window(self):
        os.close(self.master)
        self.master = -1

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.master >= 0:
            os.close(self.master)


class TlsServer(Server):
    """Gives each connection to "handler" after its handshake."""

    def __init__(self, handler, **settings):
        context = tls_context(**settings)

        def serve(plain):
            with context.wrap_socket(plain, server_side=True) as peer:
                handler(peer)
        super().__init__(serve)


# ---- handlers

def echo(peer):
    """What comes goes back, to the end."""
    while data := peer.recv(65536):
        peer.sendall(data)
    peer.unwrap()


def swallow(kept):
    """A handler that keeps all that comes, and then closes."""
    def handler(peer):
        while data := peer.recv(65536):
            kept.extend(data)
        peer.unwrap()
    return handler


def say(*texts, pause=0.0):
    """A handler that speaks first, and then listens to the end."""
    def handler(peer):
        for text in texts:
            peer.sendall(text)
            time.sleep(pause)
        while peer.recv(65536):
            pass
        peer.unwrap()
    return handler


def say_at_once(*texts):
    """The same in one packet: a record for each text."""
    def handler(peer):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        for text in texts:
            peer.sendall(text)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
        while peer.recv(65536):
            pass
        peer.unwrap()
    return handler


def flood(peer):
    """Never stops."""
    line = b"0123456789abcdef" * 1024
    while True:
        peer.sendall(line)


def reset(peer):
    """Hangs up in the rudest way."""
    peer.recv(1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
