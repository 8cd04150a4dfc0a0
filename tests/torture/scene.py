"""A small fleet that has a bit of everything, and the scan of it."""

import contextlib
import re

from fleet import program, servers, threads
from fleet.place import ROOT, certificates

LIST = """\
defaults:
  CAfile: {pki}/root.pem
  no-CApath: true
  no-CAstore: true
  deadline: 60
  connect_timeout: 30
  handshake_timeout: 30
profiles:
  plain: {{ alpn: "h2,http/1.1" }}
  revocation: {{ crl_check: true, CRL: "{pki}/all.crl.pem" }}
targets:
  - connect: a.demo.test@127.0.0.1:{asking}
    cert: {pki}/client.pem
    key: {pki}/client.enc.key
    pass: pass:secret
    cert_chain: {pki}/int.pem
    status: true
    keylogfile: {folder}/keys
    expect: {{ verify_code: 0, subject: "~ server" }}
    tags: {{ team: payments }}
  - connect: b.demo.test@127.0.0.1:{old}
    profiles: [plain, revocation]
    sess_out: "{folder}/session.{{index}}.{{profile}}"
  - connect: smtp://mail.demo.test@127.0.0.1:{smtp}
    CApath: {pki}/capath
    no-CAfile: true
    input: {request}
  - 127.0.0.1:1
  - connect: localhost:{expired}
    4: true
    expect: {{ days_left: ">= 21" }}
  - connect: c.demo.test@127.0.0.1:{lone}
"""
REPORTS = ("text", "full", "csv", "jsonl", "prometheus")
RECORDS = 7


def volatile_fields():
    """Those with the trait V in the table of fields."""
    rows = re.findall(r"^FIELD\((\w+),\s*\w+,\s*([^,]+),",
                      (ROOT / "include" / "record.def").read_text(), re.M)
    return {name for name, traits in rows if "V" in traits.split(" | ")}


VOLATILE = volatile_fields() - {"index"}


class Smtp(threads.Server):
    """A mail server that is there for its STARTTLS."""

    def __init__(self):
        self.context = threads.tls_context()
        super().__init__(self.speak, patience=60)

    def speak(self, plain):
        lines = plain.makefile("rb")
        plain.sendall(b"220 mail.demo.test\r\n")
        lines.readline()
        plain.sendall(b"250-mail.demo.test\r\n250-SIZE 1\r\n"
                      b"250 STARTTLS\r\n")
        lines.readline()
        plain.sendall(b"220 go on\r\n")
        with self.context.wrap_socket(plain, server_side=True) as peer:
            if peer.recv(4096):
                peer.sendall(b"250 mail.demo.test\r\n")
                peer.unwrap()


def start_peers(stack):
    """{name in LIST: port}, for as long as the stack is open."""
    pki = certificates()
    server = lambda *words, **how: stack.enter_context(
        servers.s_server(*words, **how))
    smtp = stack.enter_context(contextlib.closing(Smtp()))
    return {
        "asking": server("-tls1_3", "-Verify", "1", "-CAfile", pki / "root.pem",
                         "-verify_return_error", "-status_file",
                         pki / "server.good.ocsp"),
        "old": server("-tls1_2", cert="rsa"),
        "expired": server(cert="expired"),
        "lone": server(chain=False),
        "smtp": smtp.port,
    }


class Scene:
    """The peers, a folder, and what a scan without any fault says."""

    def __init__(self, stack, folder):
        self.folder = folder
        self.folder.mkdir(parents=True)
        self.ports = start_peers(stack)
        self.list = folder / "fleet.yaml"
        self.baseline = folder / "baseline.csv"
        self.out = folder / "out"
        self.write_list(folder)
        self.run_first()

    def write_list(self, folder):
        request = folder / "request"
        request.write_text("EHLO demo.test\r\n")
        self.list.write_text(LIST.format(
            pki=certificates(), folder=self.out, request=request,
            **self.ports))

    def words(self):
        # Whether a ticket comes in time is a matter of how busy we are.
        words = ["-targets", self.list, "-workers", "1", "-fields",
                 "all,-max_early_data", "-progress", "none", "-resume"]
        for name in REPORTS:
            words += ["-report", f"{name}={self.out / name}"]
        if self.baseline.exists():
            words += ["-baseline", self.baseline]
        return words

    def run_first(self):
        """Once for the baseline, and once to know what is right."""
        self.run()
        (self.out / "csv").rename(self.baseline)
        self.whole = self.run()
        self.right = self.records()
        assert self.whole.status == 1, self.whole
        assert len(self.right["csv"]) == RECORDS, self.right

    def run(self, env=None, seconds=300):
        """A scan into an empty folder."""
        self.out.mkdir(exist_ok=True)
        for path in self.out.iterdir():
            path.unlink()
        return self.run_again(env, seconds)

    def run_again(self, env=None, seconds=300):
        """A scan that goes on with what the last one left."""
        return program.run(*self.words(), env=env, seconds=seconds)

    def records(self):
        """Those reports that have their final names, read and made equal."""
        found = {}
        for name, read in (("csv", program.read_csv),
                           ("jsonl", program.read_jsonl)):
            path = self.out / name
            if path.exists():
                found[name] = [comparable(r) for r in read(path.read_text())]
        return found


def comparable(record):
    return {k: v for k, v in record.items() if k not in VOLATILE}
