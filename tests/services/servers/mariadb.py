"""mariadb: an empty data directory is enough to be asked for TLS."""

from support import base, ports

CONFIG = """
[mariadbd]
datadir = {data}
socket = {home}/socket
pid_file = {home}/pid
bind_address = {listen}
port = {port}
max_connections = 300
max_connect_errors = 1000000
skip_grant_tables
skip_networking = 0
skip_name_resolve
innodb_buffer_pool_size = 8M
innodb_log_file_size = 4M
innodb_flush_log_at_trx_commit = 0
aria_pagecache_buffer_size = 8M
key_buffer_size = 1M
performance_schema = off
"""

TLS = """
ssl_cert = {cert}
ssl_key = {key}
"""


class Mariadb(base.Server):
    package = "mariadb-server"
    program = "mariadbd"
    account = "mysql"
    services = ("mysql",)
    addresses = ports.LOOPBACKS

    def configure(self):
        data = self.directory("data", 0o700)
        text = CONFIG + (TLS if self.tls else "skip_ssl\n")
        self.write("my.cnf", text.format(
            home=self.home, data=data, listen=",".join(self.addresses),
            port=self.port["mysql"], cert=self.pki.cert, key=self.pki.key))

    def command(self):
        return "mariadbd", f"--defaults-file={self.home}/my.cnf"
