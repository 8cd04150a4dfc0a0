"""What "make install" and its like bring, and a shell at a terminal."""

import fcntl
import os
import pathlib
import pty
import re
import struct
import subprocess
import termios
import time

from .place import PROGRAM, ROOT

OUT = pathlib.Path(PROGRAM).resolve().parent


def make(*words, env=(), **variables):
    """Runs make on what the program under test was built from."""
    env = {**{k: v for k, v in os.environ.items()
              if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}, **dict(env)}
    words = [*words, f"OUT={os.path.relpath(OUT, ROOT)}",
             *(f"{k}={v}" for k, v in variables.items())]
    done = subprocess.run(["make", "-s", *words], cwd=ROOT, env=env,
                          capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def page(name):
    return (OUT / "man" / name).read_text()


def section(text, title):
    """The mdoc source of one section."""
    return re.search(rf"^\.Sh {title}\n(.*?)(?=^\.Sh |\Z)", text,
                     re.M | re.S).group(1)


def generated(source, *, texts=None):
    """A page made of other texts than those of the tree, as it came out."""
    words = ["awk", "-f", "scripts/generate/tables.awk", "-f",
             "scripts/generate/man.awk", OUT / "tables.tsv", *texts, source]
    return subprocess.run(list(map(str, words)), cwd=ROOT, text=True,
                          capture_output=True)


def files_below(folder):
    return sorted(str(path.relative_to(folder))
                  for path in folder.rglob("*") if not path.is_dir())


class Terminal:
    """bash at a terminal, with the completion, in a folder."""

    ALL = "\x1b*"  # readline's insert-completions
    TAB = "\t"

    def __init__(self, folder, script):
        rc = folder / "bashrc"
        rc.write_text("PS1='RE''ADY> '; bind 'set bell-style none'\n"
                      f". {script}\n")
        self.master, slave = pty.openpty()
        # Wide, so that no line is broken.
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 9000, 0, 0))
        env = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb",
               "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", "bash", "--noprofile", "--rcfile",
             str(rc), "-i"],
            cwd=folder, env=env, stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        self.said = ""
        self._read_until("READY> ")

    def _read_until(self, text):
        until = time.monotonic() + 30
        while text not in self.said:
            assert time.monotonic() < until, self.said
            self.said += os.read(self.master, 65536).decode()
        before, self.said = self.said.split(text, 1)
        return before

    def words(self, typed, key=ALL):
        """What the shell makes of a line after one key."""
        line = f"{typed}{key}\x01printf 'WORD:%s\\n' \x05; echo E''ND\n"
        os.write(self.master, line.encode())
        said = self._read_until("END\r\n")
        self._read_until("READY> ")
        return re.findall(r"^WORD:(.*)\r$", said, re.M)

    def close(self):
        os.write(self.master, b"exit\n")
        self.process.wait(30)
        os.close(self.master)
