"""CONNECT through squid and tinyproxy, with and without a password."""

import collections
import json

from servers.dovecot import Dovecot
from servers.mariadb import Mariadb
from servers.nginx import Nginx
from servers.postfix import Postfix
from servers.postgresql import Postgresql
from servers.squid import Squid, SquidWithPassword
from servers.tinyproxy import Tinyproxy, TinyproxyWithPassword
from support.case import GOOD, NAME, Has, ServiceCase, tests_of

PROXIES = (Squid, Tinyproxy)
LOCKED = (SquidWithPassword, TinyproxyWithPassword)

USER = ("-proxy_user", "fleet")
PASSWORD = (*USER, "-proxy_pass", "pass:sesame")
WRONG = (*USER, "-proxy_pass", "pass:mellon")

# A proxy, what is said to it, the server behind it, and the record.
Row = collections.namedtuple("Row", "title proxy words kind protocol expected")


def through(proxy, kind, protocol=None, words=()):
    expected = {**GOOD, "starttls": protocol or "none"}
    title = f"{kind.__name__} {protocol or 'tls'} through {proxy.__name__}"
    return Row(title, proxy, words, kind, protocol, expected)


THROUGH = [
    through(proxy, kind, protocol)
    for proxy in PROXIES
    for kind, protocol in ((Nginx, None), (Postfix, "smtp"), (Dovecot, "imap"),
                           # One speaks first, the other does not.
                           (Mariadb, "mysql"), (Postgresql, "postgres"))
] + [
    through(proxy, kind, protocol, PASSWORD)
    for proxy in LOCKED
    for kind, protocol in ((Nginx, None), (Postfix, "smtp"))
]


def locked_out(title, proxy, words, reason):
    return Row(f"{title} for {proxy.__name__}", proxy, words, Nginx, None,
               {"status": "failed", "stage": "proxy", "code": "proxy_refused",
                "error": Has(reason), "protocol": None})


LOCKED_OUT = (
    locked_out("no password", SquidWithPassword, (), "407"),
    locked_out("no password", TinyproxyWithPassword, (), "407"),
    locked_out("a wrong password", SquidWithPassword, WRONG, "407"),
    # This one says 401 to a wrong password.
    locked_out("a wrong password", TinyproxyWithPassword, WRONG, "401"),
    locked_out("an empty password", SquidWithPassword, USER, "407"),
)


class ProxyCase(ServiceCase):
    def ask(self, proxy, *words):
        port = self.server(proxy).port["proxy"]
        return self.probe("-retries", "0", "-proxy", f"127.0.0.1:{port}",
                          *words)[0]

    def check(self, row):
        port = self.server(row.kind).port[row.protocol or "tls"]
        starttls = ("-starttls", row.protocol) if row.protocol else ()
        record = self.ask(row.proxy, *row.words, *starttls,
                          f"{NAME}@127.0.0.1:{port}")
        self.assertRecord(record, row.expected)


@tests_of(THROUGH, ProxyCase.check)
class Through(ProxyCase):
    pass


@tests_of(LOCKED_OUT, ProxyCase.check)
class LockedOut(ProxyCase):
    pass


class BeyondTheProxy(ProxyCase):
    """What the proxy cannot or will not reach."""

    def refusal(self, proxy, reason, target):
        self.assertRecord(self.ask(proxy, target), {
            "status": "failed", "stage": "proxy", "code": "proxy_refused",
            "error": Has(reason)})

    def test_a_closed_port_behind_squid(self):
        self.refusal(Squid, "503", "127.0.0.1:1")

    def test_a_closed_port_behind_tinyproxy(self):
        self.refusal(Tinyproxy, "500", "127.0.0.1:1")

    def test_a_target_that_squid_forbids(self):
        self.refusal(Squid, "403", "forbidden.demo.test:443")

    def test_a_target_that_tinyproxy_cannot_find(self):
        self.refusal(Tinyproxy, "500", "missing.invalid:443")

    def test_an_ipv6_address(self):
        port = self.server(Nginx).port["tls"]
        for proxy in PROXIES:
            self.assertRecord(self.ask(proxy, f"[::1]:{port}"), GOOD)

    def test_a_mail_server_in_place_of_a_proxy(self):
        port = self.server(Postfix).port["smtp"]
        record = self.probe("-proxy", f"127.0.0.1:{port}",
                            "127.0.0.1:443")[0]
        self.assertRecord(record, {"status": "failed", "stage": "proxy",
                                   "code": "proxy_protocol"})


class Secrets(ProxyCase):
    """Where the password comes from, and that it does not come out."""

    def through_squid(self, source, **how):
        proxy = self.server(SquidWithPassword).port["proxy"]
        port = self.server(Nginx).port["tls"]
        fleet = [f"t{n}.demo.test@127.0.0.1:{port}" for n in range(3)]
        found = self.probe("-proxy", f"127.0.0.1:{proxy}", *USER,
                           "-proxy_pass", source, *fleet, **how)
        self.assertEqual(len(found), len(fleet))
        for record in found:
            self.assertRecord(record, GOOD)
        self.assertNotIn("sesame", json.dumps(found))

    def test_said(self):
        self.through_squid("pass:sesame")

    def test_in_a_file(self):
        self.through_squid(f"file:{self.file('secret', 'sesame')}")

    def test_in_the_environment(self):
        self.through_squid("env:SECRET", env={"SECRET": "sesame"})

    def test_on_standard_input_for_all_targets(self):
        self.through_squid("stdin", stdin="sesame\n")

    def test_on_a_descriptor_for_all_targets(self):
        with open(self.file("secret", "sesame\n")) as secret:
            number = secret.fileno()
            self.through_squid(f"fd:{number}", pass_fds=(number,))
