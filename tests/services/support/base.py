"""What all real servers have in common: a private home, ports, a life."""

import collections
import grp
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time

from support import ports

START_SECONDS = 120
STOP_SECONDS = 30

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

Pki = collections.namedtuple("Pki", "root cert key")


class Missing(Exception):
    """The server cannot run here; says what would help."""


class Failed(Exception):
    """The server is there and did not come up."""


class Server:
    """One private instance.  A subclass says what to install, which services
    it offers (a port each), and how it is configured and started."""

    package = ""
    program = ""  # what the package installs
    account = None  # the user it runs as when we are root
    needs_root = False
    services = ()  # names; self.port[name] is where it listens
    addresses = ("127.0.0.1",)

    def __init__(self, home, pki, tls=True):
        self.home = pathlib.Path(home)
        self.pki = pki
        self.tls = tls
        self.port = {}
        self.process = None

    # ---- what a subclass defines or adds to

    @classmethod
    def check(cls):
        """Raises Missing when this machine cannot run the server."""
        if not shutil.which(cls.program, path=PATH):
            raise Missing(f"needs the package {cls.package}")
        if cls.needs_root and os.geteuid() != 0:
            raise Missing(f"{cls.package} can only be started by root")

    def configure(self):
        """Writes the configuration below self.home."""
        raise NotImplementedError

    def command(self):
        """The words that start the server in the foreground."""
        raise NotImplementedError

    def environment(self):
        """Variables that its programs need."""
        return {}

    # ---- the life of an instance

    def start(self):
        self.check()
        self.home.mkdir()
        self.give(self.home, 0o755)
        self.port = {service: ports.take() for service in self.services}
        self.pki = Pki(self.copy(self.pki.root, "root.pem"),
                       self.copy(self.pki.cert, "server.pem"),
                       self.copy(self.pki.key, "server.key", 0o600))
        self.configure()
        self.process = self.launch()
        self.await_ready()

    def launch(self):
        """The server is the leader of a process group of its own."""
        with open(self.home / "log", "ab") as log:
            return subprocess.Popen(**self.how(self.command()), stdout=log,
                                    stderr=log, start_new_session=True)

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

    def ready(self):
        return all(ports.answers(address, port)
                   for port in self.port.values()
                   for address in self.addresses)

    def log(self):
        """The end of what the server said."""
        path = self.home / "log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def stop(self):
        """Ends the server and its process group, by id."""
        if self.process is None:
            return
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.process.wait()
        self.process = None

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    # ---- tools for subclasses

    def directory(self, name, mode=0o755):
        path = self.home / name
        path.mkdir(parents=True)
        return self.give(path, mode)

    def write(self, name, text, mode=0o644):
        path = self.home / name
        path.touch(mode=0o600)
        path.write_text(text)
        return self.give(path, mode)

    def copy(self, source, name, mode=0o644):
        return self.write(name, pathlib.Path(source).read_text(), mode)

    def run(self, *words):
        """A step of the configuration that must succeed."""
        done = subprocess.run(**self.how(words), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=START_SECONDS)
        if done.returncode != 0:
            said = done.stdout.decode(errors="replace")
            raise Failed(f"{words[0]} failed:\n{said[-2000:]}")

    # ---- who owns and runs things

    def owner(self):
        """The account, or None: whoever we are."""
        if self.account and os.geteuid() == 0:
            return pwd.getpwnam(self.account)
        return None

    def give(self, path, mode):
        path.chmod(mode)
        owner = self.owner()
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)
        return path

    def how(self, words):
        """Arguments of subprocess for a program of this server."""
        kept = {"PATH": PATH, "HOME": str(self.home), "LANG": "C.UTF-8",
                "TMPDIR": str(self.home)}
        how = {"args": [str(word) for word in words], "cwd": self.home,
               "env": {**kept, **self.environment()},
               "stdin": subprocess.DEVNULL}
        owner = self.owner()
        if owner:
            how |= {"user": owner.pw_uid, "group": owner.pw_gid,
                    "extra_groups": [group.gr_gid for group in grp.getgrall()
                                     if owner.pw_name in group.gr_mem]}
        return how
