"""squid: an HTTP proxy, with or without a password, that has no cache."""

from support import base

# "forbidden.demo.test" is what the tests ask for to be turned away.
CONFIG = """
http_port 127.0.0.1:{port}
pid_filename {home}/pid
access_log none
cache_log {home}/log
cache_store_log none
coredump_dir {home}
cache deny all
cache_mem 1 MB
max_filedescriptors 4096
shutdown_lifetime 0 seconds
visible_hostname proxy.demo.test
dns_nameservers 127.0.0.1
dns_timeout 2 seconds
netdb_filename none
pinger_enable off
acl forbidden dstdomain -n forbidden.demo.test
acl connect method CONNECT
http_access deny forbidden
{access}
"""

OPEN = """
http_access allow connect
http_access deny all
"""

# Users and passwords are in a file; its hash is of "sesame".
PASSWORD = """
auth_param basic program /usr/lib/squid/basic_ncsa_auth {home}/users
auth_param basic children 4
acl known proxy_auth REQUIRED
http_access allow connect known
http_access deny all
"""

USERS = "fleet:$apr1$tlsfleet$w4g4a3BDxEym35C9GZn/O/\n"


class Squid(base.Server):
    package = "squid"
    program = "squid"
    account = "proxy"
    services = ("proxy",)
    password = False

    def configure(self):
        access = PASSWORD.format(home=self.home) if self.password else OPEN
        self.write("squid.conf", CONFIG.format(
            home=self.home, port=self.port["proxy"], access=access))

    def command(self):
        return ("squid", "-N", "-n", f'fleet{self.port["proxy"]}',
                "-f", self.home / "squid.conf")


class SquidWithPassword(Squid):
    password = True

    def configure(self):
        super().configure()
        self.write("users", USERS)
