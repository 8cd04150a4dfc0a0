"""inspircd: irc, with the STARTTLS command of its starttls module."""

from support import base, ports

CONFIG = """
<server name="irc.demo.test" description="test" network="test" id="1TT">
<admin name="test" nick="test" email="test@demo.test">
<path configdir="{home}" datadir="{home}/data" logdir="{home}" moduledir="/usr/lib/inspircd/modules" runtimedir="{home}/data">
<pid file="{home}/data/pid">
<log method="file" type="*" level="default" target="{home}/log">
<connect allow="*" timeout="60" localmax="1000" globalmax="1000" useconnectban="no" limit="2000" resolvehostnames="no">
<performance clonesonconnect="no">
<class name="none">
{binds}
{tls}
"""

BIND = """
<bind address="{address}" port="{port}" type="clients">
"""

TLS = """
<module name="ssl_gnutls">
<sslprofile name="test" provider="gnutls" certfile="{cert}" keyfile="{key}">
<gnutls certfile="{cert}" keyfile="{key}" starttls="test">
"""

STARTTLS = """
<module name="starttls">
"""


class Inspircd(base.Server):
    package = "inspircd"
    program = "inspircd"
    account = "irc"
    services = ("irc",)
    addresses = ports.LOOPBACKS

    def modules(self):
        return TLS + STARTTLS if self.tls else ""

    def configure(self):
        self.directory("data")
        binds = "".join(BIND.format(address=address, port=self.port["irc"])
                        for address in self.addresses)
        tls = self.modules().format(cert=self.pki.cert, key=self.pki.key)
        self.write("inspircd.conf", CONFIG.format(
            home=self.home, binds=binds, tls=tls))

    def command(self):
        return ("inspircd", "--nofork", "--config",
                self.home / "inspircd.conf")


class InspircdWithoutCertificate(Inspircd):
    """Knows the command STARTTLS and cannot do it."""

    def modules(self):
        return STARTTLS
