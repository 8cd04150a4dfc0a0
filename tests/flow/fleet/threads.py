"""Servers of a test's own making: on loopback, a thread for each connection."""

import contextlib
import socket
import ssl
import threading

from .place import certificates


def tls_context(cert="server", **settings):
    """For the server's side of a handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates() / f"{cert}.chain.pem",
                            certificates() / f"{cert}.key")
    for name, value in settings.items():
        setattr(context, name, value)
    return context


class Server:
    """Gives each connection to "serve", and closes it afterwards.  "patience"
    is how many seconds it waits for a byte; None: for ever."""

    def __init__(self, serve, patience=None):
        self.serve, self.patience = serve, patience
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.listener.accept()
                threading.Thread(target=self._one, args=(peer,),
                                 daemon=True).start()

    def _one(self, peer):
        peer.settimeout(self.patience)
        with contextlib.suppress(OSError, ValueError), peer:
            self.serve(peer)

    def close(self):
        # To close it alone does not wake who accepts.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
