"""What all real servers have in common: a private home, ports, a life."""

import collections
import grp
import os
import pathlib
import pwd
import random
import shutil
import signal
import socket
import subprocess
import threading
import time

START_SECONDS = 40
STOP_SECONDS = 10

# More addresses of the loopback network, for servers that listen on several.
LOOPBACKS = ("127.0.0.1", "127.1.2.3", "127.20.30.40", "127.255.255.254")

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

Pki = collections.namedtuple("Pki", "root cert key")


class Missing(Exception):
    """The server cannot run here; says what would help."""


class Failed(Exception):
    """The server is there and did not come up."""


class Ports:
    """Hands out free ports, each once, outside of the ephemeral range."""

    def __init__(self):
        self._lock = threading.Lock()
        self._given = set()

    def take(self):
        with self._lock:
            while True:
                port = random.randrange(10240, 32000)
                if port not in self._given and self._free(port):
                    self._given.add(port)
                    return port

    @staticmethod
    def _free(port):
        for family, address in ((socket.AF_INET, "0.0.0.0"),
                                (socket.AF_INET6, "::")):
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6,
                                     socket.IPV6_V6ONLY, 1)
                try:
                    probe.bind((address, port))
                except OSError:
                    return False
        return True


PORTS = Ports()


class Server:
    """One private instance.  A subclass says what to install, which services
    it offers (a port each), and how it is configured and started."""

    package = ""
    program = ""            # what the package installs
    account = None          # the user it runs as when we are root
    needs_root = False
    services = ()           # names; self.port[name] is where it listens
    addresses = ("127.0.0.1",)

    def __init__(self, home, pki, tls=True):
        self.home = pathlib.Path(home)
        self.pki = pki
        self.tls = tls
        self.port = {}
        self.process = None

    @classmethod
    def check(cls):
        """Raises Missing when this machine cannot run the server."""
        if not shutil.which(cls.program, path=PATH):
            raise Missing(f"needs the package {cls.package}")
        if cls.needs_root and os.geteuid() != 0:
            raise Missing(f"{cls.package} can only be started by root")

    # What a subclass defines or changes.

    def configure(self):
        """Writes the configuration below self.home."""

    def command(self):
        """The words that start the server in the foreground."""
        raise NotImplementedError

    def ready(self):
        """Whether it serves by now."""
        return all(answers(address, port) for port in self.port.values()
                   for address in self.addresses)

    # The life of an instance.

    def start(self):
        self.check()
        self.home.mkdir(mode=0o755)
        self.give(self.home)
        self.port = {service: PORTS.take() for service in self.services}
        self.pki = Pki(self.copy(self.pki.root, "root.pem"),
                       self.copy(self.pki.cert, "server.pem"),
                       self.copy(self.pki.key, "server.key", 0o600))
        self.configure()
        self.process = self.launch(self.command())
        self.await_ready()

    def await_ready(self):
        end = time.monotonic() + START_SECONDS
        while not self.ready():
            if self.process.poll() is not None:
                raise Failed(f"{self.package} ended with status "
                             f"{self.process.returncode}:\n{self.log()}")
            if time.monotonic() > end:
                raise Failed(f"{self.package} does not answer after "
                             f"{START_SECONDS} s:\n{self.log()}")
            time.sleep(0.05)

    def stop(self):
        """Ends the process and its group, by pid."""
        if self.process is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
            except ProcessLookupError:
                pass
            try:
                self.process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    # Tools for subclasses.

    def owner(self):
        """The account that shall own and run things, or None: our own."""
        if self.account and os.geteuid() == 0:
            return pwd.getpwnam(self.account)
        return None

    def give(self, path):
        owner = self.owner()
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def directory(self, name, mode=0o755):
        path = self.home / name
        path.mkdir(parents=True)
        path.chmod(mode)
        self.give(path)
        return path

    def write(self, name, text, mode=0o644):
        path = self.home / name
        path.write_text(text)
        path.chmod(mode)
        self.give(path)
        return path

    def copy(self, source, name, mode=0o644):
        return self.write(name, pathlib.Path(source).read_text(), mode)

    def _process(self, words, **more):
        owner = self.owner()
        if owner:
            groups = {g.gr_gid for g in grp.getgrall()
                      if owner.pw_name in g.gr_mem}
            more |= {"user": owner.pw_uid, "group": owner.pw_gid,
                     "extra_groups": sorted(groups)}
        environment = {"PATH": PATH, "HOME": str(self.home), "LANG": "C.UTF-8",
                       "TMPDIR": str(self.home)} | self.environment()
        words = [str(word) for word in words]
        return words, {"cwd": self.home, "env": environment,
                       "stdin": subprocess.DEVNULL, **more}

    def environment(self):
        return {}

    def launch(self, words):
        """Starts the server as the leader of its own process group."""
        with open(self.home / "log", "ab") as log:
            words, more = self._process(words, stdout=log, stderr=log)
            return subprocess.Popen(words, start_new_session=True, **more)

    def run(self, *words):
        """A set-up step that must succeed."""
        words, more = self._process(words, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT)
        done = subprocess.run(words, timeout=START_SECONDS, check=False, **more)
        if done.returncode != 0:
            raise Failed(f"{words[0]} failed:\n"
                         f'{done.stdout.decode(errors="replace")[-2000:]}')

    def log(self):
        """The end of what the server said."""
        path = self.home / "log"
        if not path.exists():
            return ""
        return path.read_text(errors="replace")[-2000:]


def answers(address, port):
    """Whether somebody accepts connections there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0
