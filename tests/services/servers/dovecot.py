"""dovecot: imap, pop3, lmtp and sieve of one private instance."""

import os

from support import base, ports

CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
instance_name = {name}
protocols = imap pop3 lmtp sieve
listen = {listen}
default_internal_user = dovecot
default_login_user = dovenull
ssl = {ssl}
ssl_cert = <{cert}
ssl_key = <{key}
lmtp_user_concurrency_limit = 0
mail_max_userip_connections = 0
mail_location = maildir:{home}/mail
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service managesieve-login {{
  inet_listener sieve {{
    port = {sieve}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""


class Dovecot(base.Server):
    package = "dovecot-core"
    program = "dovecot"
    needs_root = True
    services = ("imap", "pop3", "lmtp", "sieve")
    addresses = ports.LOOPBACKS

    # Each protocol is a package of its own.
    parts = (("imap-login", "dovecot-imapd"), ("pop3-login", "dovecot-pop3d"),
             ("lmtp", "dovecot-lmtpd"),
             ("managesieve-login", "dovecot-managesieved"))

    @classmethod
    def check(cls):
        super().check()
        for program, package in cls.parts:
            if not os.path.exists(f"/usr/lib/dovecot/{program}"):
                raise base.Missing(f"needs the package {package}")

    def configure(self):
        self.directory("run")
        self.directory("state")
        self.write("dovecot.conf", CONFIG.format(
            home=self.home, name=self.home.name,
            listen=", ".join(self.addresses),
            ssl="yes" if self.tls else "no", cert=self.pki.cert,
            key=self.pki.key, **self.port))

    def command(self):
        return "dovecot", "-F", "-c", self.home / "dovecot.conf"
