"""slapd: ldap, with an in-memory view of itself as its only data."""

from support import base, ports

CONFIG = """
pidfile {home}/pid
moduleload back_monitor
database monitor
"""

TLS = """
TLSCertificateFile {cert}
TLSCertificateKeyFile {key}
"""


class Slapd(base.Server):
    package = "slapd"
    program = "slapd"
    account = "openldap"
    services = ("ldap",)
    addresses = ports.LOOPBACKS

    def configure(self):
        text = (TLS if self.tls else "") + CONFIG
        self.write("slapd.conf", text.format(
            home=self.home, cert=self.pki.cert, key=self.pki.key))

    def command(self):
        urls = " ".join(f'ldap://{address}:{self.port["ldap"]}/'
                        for address in self.addresses)
        return "slapd", "-d", "0", "-f", self.home / "slapd.conf", "-h", urls
