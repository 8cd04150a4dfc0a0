"""nginx: plain TLS on loopback, on ::1 and on a Unix socket."""

from support import base, ports

CONFIG = """
daemon off;
worker_processes 1;
pid {home}/pid;
error_log {home}/log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    server {{
        listen [::1]:{tls} ssl;
        listen unix:{home}/socket ssl;
        {listen}
        ssl_certificate {cert};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        return 204;
    }}
}}
"""


class Nginx(base.Server):
    package = "nginx-light"
    program = "nginx"
    services = ("tls",)
    addresses = ports.LOOPBACKS + ("::1",)

    @classmethod
    def check(cls):
        super().check()
        try:
            with ports.socket_for("::1") as probe:
                probe.bind(("::1", 0))
        except OSError as error:
            raise base.Missing("needs the address ::1") from error

    def configure(self):
        port = self.port["tls"]
        self.write("nginx.conf", CONFIG.format(
            home=self.home, tls=port, cert=self.pki.cert, key=self.pki.key,
            listen="\n        ".join(f"listen {address}:{port} ssl;"
                                     for address in ports.LOOPBACKS)))

    def command(self):
        return ("nginx", "-e", self.home / "log", "-p", self.home,
                "-c", self.home / "nginx.conf")
