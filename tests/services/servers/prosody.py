"""prosody: xmpp for clients and for servers."""

from support import base, ports

CONFIG = """
daemonize = false
pidfile = "{home}/pid"
data_path = "{home}/data"
certificates = "{home}"
interfaces = {{ {listen} }}
c2s_ports = {{ {xmpp} }}
s2s_ports = {{ {server} }}
c2s_require_encryption = false
s2s_require_encryption = false
authentication = "internal_hashed"
log = {{ info = "*console" }}
modules_enabled = {{ "saslauth"; "dialback"; {modules} }}
modules_disabled = {{ {disabled} }}
VirtualHost "server.demo.test"
    ssl = {{ certificate = "{cert}"; key = "{key}" }}
"""


class Prosody(base.Server):
    package = "prosody"
    program = "prosody"
    account = "prosody"
    services = ("xmpp", "xmpp-server")
    addresses = ports.LOOPBACKS

    def configure(self):
        self.directory("data")
        self.write("prosody.cfg.lua", CONFIG.format(
            home=self.home,
            listen=", ".join(f'"{address}"' for address in self.addresses),
            xmpp=self.port["xmpp"], server=self.port["xmpp-server"],
            modules='"tls"' if self.tls else "",
            disabled="" if self.tls else '"tls"',
            cert=self.pki.cert, key=self.pki.key))

    def command(self):
        return "prosody", "-F", "--config", self.home / "prosody.cfg.lua"
