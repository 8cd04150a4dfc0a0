"""inn2: nnrpd, the part that readers talk to, on its own."""

from support import base

# nnrpd reads this instead of /etc/news/inn.conf.
INN = """
mta: "/bin/false"
domain: demo.test
pathhost: server.demo.test
pathnews: /usr/lib/news
pathetc: {home}
pathdb: {home}/db
pathrun: {home}/run
pathspool: {home}/spool
pathtmp: {home}
pathlog: {home}
hismethod: hisv6
enableoverview: true
ovmethod: tradindexed
{tls}
"""

TLS = """
tlscertfile: {home}/server.pem
tlskeyfile: {home}/server.key
tlscafile: {home}/root.pem
"""

STORAGE = """
method timehash {
    newsgroups: *
    class: 0
}
"""

READERS = """
auth "all" {
    hosts: "*"
    default: "<anonymous>"
}
access "all" {
    users: "*"
    newsgroups: "*"
}
"""


class Inn2(base.Server):
    package = "inn2"
    program = "/usr/lib/news/bin/nnrpd"
    account = "news"
    services = ("nntp",)

    def configure(self):
        for name in "db", "run", "spool":
            self.directory(name)
        tls = TLS.format(home=self.home) if self.tls else ""
        self.write("inn.conf", INN.format(home=self.home, tls=tls))
        self.write("storage.conf", STORAGE)
        self.write("readers.conf", READERS)
        self.write("db/active", "test.fleet 0000000000 0000000001 y\n")
        self.write("db/newsgroups", "test.fleet\tFor tests.\n")
        self.write("db/history", "")
        self.directory("spool/overview")
        self.run("/usr/lib/news/bin/tdx-util", "-c", "-n", "test.fleet")

    def environment(self):
        return {"INNCONF": str(self.home / "inn.conf")}

    def command(self):
        return (self.program, "-D", "-f", "-b", "127.0.0.1",
                "-p", self.port["nntp"], "-c", self.home / "readers.conf")
