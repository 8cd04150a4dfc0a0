"""vsftpd: ftp."""

from support import base

CONFIG = """
listen=YES
listen_address=127.0.0.1
listen_port={port}
background=NO
anonymous_enable=YES
local_enable=NO
nopriv_user=nobody
anon_root={empty}
secure_chroot_dir={empty}
vsftpd_log_file={home}/log
xferlog_enable=NO
seccomp_sandbox=NO
max_clients=0
max_per_ip=0
"""

TLS = """
ssl_enable=YES
ssl_tlsv1=YES
ssl_ciphers=HIGH
rsa_cert_file={cert}
rsa_private_key_file={key}
"""


class Vsftpd(base.Server):
    package = "vsftpd"
    program = "vsftpd"
    needs_root = True
    services = ("ftp",)

    def configure(self):
        empty = self.directory("empty", 0o555)
        text = CONFIG + (TLS if self.tls else "")
        self.write("vsftpd.conf", text.format(
            home=self.home, empty=empty, port=self.port["ftp"],
            cert=self.pki.cert, key=self.pki.key))

    def command(self):
        return "vsftpd", self.home / "vsftpd.conf"
