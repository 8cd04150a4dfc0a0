"""postfix: smtp.  A whole private mail system with a spool of its own."""

import grp
import os
import pwd

from support import base, ports

MAIN = """
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
myhostname = server.demo.test
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
local_recipient_maps =
inet_protocols = ipv4
maillog_file = {home}/log
maillog_file_prefixes = {home}
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = {level}
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
default_process_limit = 20
"""

MASTER = """
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
cleanup   unix n - n - 0 cleanup
proxymap  unix - - n - - proxymap
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""

LISTENER = """{address}:{port} inet n - n - - smtpd
"""


class Postfix(base.Server):
    package = "postfix"
    program = "postfix"
    needs_root = True
    services = ("smtp",)
    addresses = ports.LOOPBACKS

    def configure(self):
        owner, drop = pwd.getpwnam("postfix"), grp.getgrnam("postdrop")
        spool, data = self.directory("spool"), self.directory("data", 0o700)
        os.chown(data, owner.pw_uid, owner.pw_gid)
        self.directory("spool/pid")
        for name, mode in (("private", 0o700), ("public", 0o2710)):
            path = self.directory(f"spool/{name}", mode)
            os.chown(path, owner.pw_uid, drop.gr_gid)
            path.chmod(mode)
        self.write("main.cf", MAIN.format(
            home=self.home, spool=spool, data=data, cert=self.pki.cert,
            key=self.pki.key, level="may" if self.tls else "none"))
        self.write("master.cf", MASTER + "".join(
            LISTENER.format(address=address, port=self.port["smtp"])
            for address in self.addresses))

    def command(self):
        return "/usr/lib/postfix/sbin/master", "-d", "-c", self.home


class PostfixWithoutKey(Postfix):
    """Announces STARTTLS and cannot do it."""

    def configure(self):
        super().configure()
        self.pki.key.unlink()
