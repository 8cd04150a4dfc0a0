"""tinyproxy: an HTTP proxy, with or without a password."""

from support import base

CONFIG = """
Port {port}
Listen 127.0.0.1
Timeout 30
MaxClients 600
LogLevel Info
Allow 127.0.0.0/8
ViaProxyName "tinyproxy"
"""

PASSWORD = """
BasicAuth fleet sesame
"""


class Tinyproxy(base.Server):
    package = "tinyproxy"
    program = "tinyproxy"
    account = "tinyproxy"
    services = ("proxy",)
    password = False

    def configure(self):
        text = CONFIG.format(port=self.port["proxy"])
        self.write("tinyproxy.conf", text + (PASSWORD if self.password else ""))

    def command(self):
        return "tinyproxy", "-d", "-c", self.home / "tinyproxy.conf"


class TinyproxyWithPassword(Tinyproxy):
    password = True
