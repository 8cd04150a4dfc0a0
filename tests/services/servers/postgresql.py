"""postgresql: a fresh cluster."""

import glob

from support import base, ports

CONFIG = """
listen_addresses = '{listen}'
port = {port}
unix_socket_directories = ''
ssl = {ssl}
ssl_cert_file = '{cert}'
ssl_key_file = '{key}'
fsync = off
max_connections = 200
shared_buffers = 8MB
dynamic_shared_memory_type = posix
autovacuum = off
"""


class Postgresql(base.Server):
    package = "postgresql"
    program = "postgres"
    account = "postgres"
    services = ("postgres",)
    addresses = ports.LOOPBACKS

    @classmethod
    def check(cls):
        if not cls.tools():
            raise base.Missing(f"needs the package {cls.package}")

    @staticmethod
    def tools():
        """Debian keeps each version's programs in a directory of its own."""
        found = glob.glob("/usr/lib/postgresql/*/bin")
        return max(found, default=None,
                   key=lambda path: float(path.split("/")[-2]))

    def configure(self):
        self.run(f"{self.tools()}/initdb", "-D", self.home / "data",
                 "--no-sync", "-A", "trust", "-E", "UTF8")
        self.write("data/postgresql.conf", CONFIG.format(
            listen=", ".join(self.addresses), port=self.port["postgres"],
            ssl="on" if self.tls else "off", cert=self.pki.cert,
            key=self.pki.key))

    def command(self):
        return f"{self.tools()}/postgres", "-D", self.home / "data"
