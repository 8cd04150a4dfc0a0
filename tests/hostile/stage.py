"""Where the peers of a run are, for as long as it takes."""

import contextlib
import functools
import socket
import subprocess

from certs import Maker
from fleet import servers
from fleet.place import certificates
from fleet.threads import Server
from peers import PATIENCE, Datagrams

PEERD = ("silent", "trickle", "http", "close", "reset", "garbage", "endless",
         "ccs", "warnings", "full", "tls", "flood", "tickets", "keyupdates",
         "renegotiations")


class Stage:
    def __init__(self, stack, folder):
        self.stack, self.folder = stack, folder
        self.pki = certificates()
        self.maker = Maker(folder, self.pki / "server.key")
        self.ports = stack.enter_context(servers.peers(*PEERD))

    def peer(self, behave, kind=socket.SOCK_STREAM):
        made = (Server(behave, PATIENCE) if kind == socket.SOCK_STREAM
                else Datagrams(behave))
        self.stack.enter_context(contextlib.closing(made))
        return made.port

    def peerd(self, kind):
        return self.ports[kind]

    def s_server(self, *words, made=None, key=None):
        """With a certificate made by hand, or a key of an odd kind."""
        words = [self.pki / word if str(word).endswith(".ocsp") else word
                 for word in words]
        if made:
            words += ["-cert", made]
        if key:
            words += ["-cert", self.odd(key), "-key", self.odd(key)]
        return self.stack.enter_context(servers.s_server(
            *words, chain=not (made or key)))

    @functools.lru_cache(maxsize=None)
    def odd(self, kind):
        """A file with such a key and a certificate for it."""
        path = self.folder / f"{kind.replace(':', '-')}.pem"
        self.openssl("genpkey", *genpkey_words(self, kind), "-out", path)
        cert = self.openssl("req", "-new", "-x509", "-key", path, "-days",
                            "9000", "-subj", f"/CN={kind}", "-config",
                            self.pki / "ca.cnf")
        path.write_bytes(path.read_bytes() + cert)
        return path

    def openssl(self, *words):
        return subprocess.run(["openssl", *map(str, words)], check=True,
                              capture_output=True).stdout


def genpkey_words(stage, kind):
    name, _, more = kind.partition(":")
    if name == "rsa":
        return ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{more}"]
    if name == "ec":
        return ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{more}"]
    if name != "dsa":
        return ["-algorithm", name]
    parameters = stage.folder / "dsa.parameters"
    stage.openssl("genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt",
                  "dsa_paramgen_bits:2048", "-out", parameters)
    return ["-paramfile", parameters]
