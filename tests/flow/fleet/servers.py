"""Peers on loopback.  Each ends with its "with" block, by its own id."""

import contextlib
import select
import socket
import subprocess
import threading

from .patience import wait_until
from .place import TOOLS, certificates


@contextlib.contextmanager
def kept_ports(count):
    """Ports for servers that cannot choose one themselves.  They stay bound,
    so that nobody else gets them; who sets SO_REUSEADDR, as servers do, can
    listen there all the same, and until then connections are refused."""
    with contextlib.ExitStack() as stack:
        ports = []
        for _ in range(count):
            keeper = stack.enter_context(socket.socket())
            keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            keeper.bind(("127.0.0.1", 0))
            ports.append(keeper.getsockname()[1])
        yield ports


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for_port(port, process):
    """A server without a sign of being ready: until it accepts."""
    wait_until(lambda: process.poll() is not None or accepts(port))
    if process.poll() is not None or not accepts(port):
        raise RuntimeError(f"{process.args[0]} does not listen on {port}")


def end(process):
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()


def s_server_command(place, cert, chain, words):
    pki = certificates()
    command = ["openssl", "s_server", *place, "-www",
               "-cert", pki / f"{cert}.pem", "-key", pki / f"{cert}.key"]
    if chain and cert != "selfsigned":
        command += ["-cert_chain", pki / "int.pem"]
    return [*map(str, command), *map(str, words)]


@contextlib.contextmanager
def s_server(*words, cert="server", chain=True, unix=None):
    """openssl s_server; yields its port, or the path of its socket."""
    # Its paths of sockets may have 31 bytes: a name in its own folder.
    place = ["-unix", unix.name] if unix else ["-accept", "127.0.0.1:0"]
    process = subprocess.Popen(s_server_command(place, cert, chain, words),
                               cwd=unix.parent if unix else None,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("ACCEPT"):
                break
        else:
            raise RuntimeError("s_server did not start: " + "".join(said))
        # What it prints for each connection must go somewhere.
        drain = threading.Thread(target=process.stdout.read, daemon=True)
        drain.start()
        if unix:  # it says so before it is true
            wait_until(lambda: unix.exists() or process.poll() is not None)
        yield unix or int(said[-1].rsplit(":", 1)[1])
    finally:
        end(process)


@contextlib.contextmanager
def peers(*kinds, cert="server", options=()):
    """tests/support/peerd; yields {kind: port}."""
    pki = certificates()
    command = [TOOLS / "peerd", "-cert", pki / f"{cert}.chain.pem",
               "-key", pki / f"{cert}.key", *options, *kinds]
    process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    try:
        ports = {}
        for _ in kinds:
            _, number, kind = process.stdout.readline().split()
            ports[kind] = int(number)
        yield ports
    finally:
        end(process)


@contextlib.contextmanager
def quicd(cert, protocol):
    """tests/support/quicd; yields its port."""
    pki = certificates()
    process = subprocess.Popen([TOOLS / "quicd", pki / f"{cert}.chain.pem",
                                pki / f"{cert}.key", protocol],
                               stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        end(process)


NGINX_CONF = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
    fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4;
    scgi_temp_path {folder}/t5;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate {pki}/server.chain.pem;
    ssl_certificate_key {pki}/server.key;
    {servers}
}}
"""


@contextlib.contextmanager
def nginx(folder, *servers):
    """nginx with one server block for each text; yields their ports."""
    with kept_ports(len(servers)) as ports:
        blocks = "".join(
            f"server {{ listen 127.0.0.1:{port} ssl http2; {server} }}\n"
            for port, server in zip(ports, servers))
        conf = folder / "nginx.conf"
        conf.write_text(NGINX_CONF.format(folder=folder, pki=certificates(),
                                          servers=blocks))
        process = subprocess.Popen(
            ["/usr/sbin/nginx", "-p", str(folder), "-e",
             str(folder / "error.log"), "-c", str(conf)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            for port in ports:
                wait_for_port(port, process)
            yield ports
        finally:
            end(process)


class Listener:
    """A silent peer: whoever comes is seen, and hears nothing."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]

    def close(self):
        self.socket.close()

    def was_called(self, seconds=0):
        """Whether somebody has come, or comes in that time."""
        return bool(select.select([self.socket], [], [], seconds)[0])
