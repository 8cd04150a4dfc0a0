"""An HTTP server on loopback that gives files, or fails in one of many ways; and
a proxy."""

import contextlib
import http.server
import select
import socket
import threading

MORE = b"x" * 65536


def pump(one, other):
    """What either says goes to the other, until one of them hangs up."""
    to = {one: other, other: one}
    with contextlib.suppress(OSError):
        while True:
            for end in select.select([one, other], [], [])[0]:
                data = end.recv(65536)
                if not data:
                    return
                to[end].sendall(data)


class Web:
    """What is asked for is counted by path.  files: {path: bytes}."""

    def __init__(self):
        self.files = {}
        self.asked = []
        self.over = threading.Event()
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                web.asked.append(self.path)
                answer = getattr(web, "answer_" + self.path.strip("/"), None)
                if answer:
                    answer(self)
                elif self.path in web.files:
                    web.give(self, web.files[self.path])
                else:
                    self.send_error(404)

            def do_CONNECT(self):
                host, _, port = self.path.rpartition(":")
                with socket.create_connection((host, int(port))) as peer:
                    self.send_response(200)
                    self.end_headers()
                    pump(self.connection, peer)
                self.close_connection = True

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,),
                         daemon=True).start()

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def url(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def count(self, path):
        return self.asked.count(path)

    @staticmethod
    def give(to, body, status=200, length=None, **header):
        to.send_response(status)
        if length != -1:
            to.send_header("Content-Length", str(len(body) if length is None
                                                 else length))
        for name, value in header.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body)

    # ---- places where no list is to be had

    def answer_moved(self, to):
        self.give(to, b"", 302, Location=self.url("/good", host="127.0.0.2"))

    def answer_garbage(self, to):
        self.give(to, b"<html>Please log in</html>")

    def answer_empty(self, to):
        self.give(to, b"")

    def answer_large(self, to):
        self.give(to, b"x", length=10 * 1024 * 1024 + 1)

    def answer_endless(self, to):
        """Until whoever asks has had enough."""
        self.give(to, b"", length=-1)
        try:
            while not self.over.is_set():
                to.wfile.write(MORE)
        except OSError:
            pass

    def answer_short(self, to):
        self.give(to, b"short", length=100)

    def answer_silent(self, to):
        self.over.wait()
