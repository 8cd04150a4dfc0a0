"""STARTTLS with the real servers of each protocol: done, switched off, broken,
and spoken to a server of another protocol."""

import collections
import subprocess

from servers.dovecot import Dovecot
from servers.inn2 import Inn2
from servers.inspircd import Inspircd, InspircdWithoutCertificate
from servers.mariadb import Mariadb
from servers.postfix import Postfix, PostfixWithoutKey
from servers.postgresql import Postgresql
from servers.prosody import Prosody
from servers.slapd import Slapd
from servers.vsftpd import Vsftpd
from support.case import (GOOD, NAME, SUBJECT, Has, ServiceCase, s_client,
                          tests_of)

# What is spoken to which service of which server, and what the record says.
Row = collections.namedtuple("Row", "title protocol kind service tls expected")


def done(protocol, kind, announced=None):
    """A handshake; "announced" is among the capabilities of the record."""
    expected = {**GOOD, "starttls": protocol, "sni": NAME, "name_match": True}
    if announced:
        expected["starttls_capabilities"] = Has(announced)
    return Row(protocol, protocol, kind, protocol, True, expected)


DONE = (
    done("smtp", Postfix, "STARTTLS"),
    done("lmtp", Dovecot, "STARTTLS"),
    done("imap", Dovecot, "STARTTLS"),
    done("pop3", Dovecot),
    done("sieve", Dovecot, "STARTTLS"),
    done("ftp", Vsftpd),
    done("nntp", Inn2, "STARTTLS"),
    done("irc", Inspircd),
    done("xmpp", Prosody, "starttls"),
    done("xmpp-server", Prosody, "starttls"),
    done("postgres", Postgresql),
    done("mysql", Mariadb),
    done("ldap", Slapd),
)


def failed(code, error="", **more):
    return {"status": "failed", "stage": "starttls", "code": code,
            "error": Has(error), **more}


def refused(error, **more):
    return failed("starttls_refused", error, **more)


def refused_anyway(error, announced):
    """Asked without an offer, as s_client does; the record says so."""
    return refused(error, warnings=Has("not announced, tried anyway"),
                   starttls_capabilities=Has(announced))


def off(protocol, kind, expected):
    return Row(f"{protocol} switched off", protocol, kind, protocol, False,
               expected)


SWITCHED_OFF = (
    off("smtp", Postfix, refused_anyway("502 5.5.1", "PIPELINING")),
    off("lmtp", Dovecot, refused_anyway("502 5.5.1", "PIPELINING")),
    off("imap", Dovecot, refused_anyway("BAD TLS support", "IMAP4rev1")),
    off("pop3", Dovecot, refused("-ERR TLS support")),
    off("sieve", Dovecot, refused_anyway("NO", "SASL")),
    off("ftp", Vsftpd, refused("530 ")),
    # nnrpd announces what it then cannot do.
    off("nntp", Inn2, refused("580 Error initializing TLS",
                              starttls_capabilities=Has("STARTTLS"))),
    # inspircd has no answer to a command it does not know.
    off("irc", Inspircd, failed("timeout", status="timeout")),
    off("xmpp", Prosody, failed("starttls_not_offered")),
    off("xmpp-server", Prosody, failed("starttls_not_offered")),
    off("postgres", Postgresql, failed("starttls_not_offered")),
    off("mysql", Mariadb, failed("starttls_not_offered")),
    off("ldap", Slapd, refused("unsupported extended operation")),
)

BROKEN = (
    Row("smtp without a key", "smtp", PostfixWithoutKey, "smtp", True,
        refused("454 4.7.0", starttls_capabilities=Has("STARTTLS"))),
    Row("irc without a certificate", "irc", InspircdWithoutCertificate, "irc",
        True, refused("691")),
)


def mixed_up(protocol, kind, service):
    return Row(f"{protocol} to a server of {service}", protocol, kind, service,
               True, failed("starttls_malformed"))


# The greeting of one protocol is no reply of another.
MIXED_UP = (
    mixed_up("smtp", Dovecot, "imap"),
    mixed_up("imap", Dovecot, "pop3"),
    mixed_up("pop3", Postfix, "smtp"),
    mixed_up("postgres", Mariadb, "mysql"),
    mixed_up("mysql", Postfix, "smtp"),
    mixed_up("ldap", Postfix, "smtp"),
)


class StarttlsCase(ServiceCase):
    def speak(self, row, *words):
        port = self.server(row.kind, row.tls).port[row.service]
        # The silent ones cost this much; others begin a process first.
        seconds = 3 if row.expected["status"] == "timeout" else 60
        return self.probe("-handshake_timeout", seconds, "-retries", "0",
                          "-starttls", row.protocol, *words,
                          f"{NAME}@127.0.0.1:{port}")[0]

    def check(self, row):
        record = self.speak(row)
        self.assertRecord(record, row.expected, lambda: s_client(
            "-starttls", row.protocol, "-xmpphost", NAME, "-CAfile", self.ca,
            "-connect", f"127.0.0.1:{record['port']}"))


@tests_of(DONE, StarttlsCase.check)
class Done(StarttlsCase):
    pass


@tests_of(SWITCHED_OFF, StarttlsCase.check)
class SwitchedOff(StarttlsCase):
    pass


@tests_of(BROKEN, StarttlsCase.check)
class Broken(StarttlsCase):
    pass


@tests_of(MIXED_UP, StarttlsCase.check)
class MixedUp(StarttlsCase):
    pass


def check_older(self, row):
    record = self.speak(row, "-tls1_2")
    self.assertRecord(record, {**row.expected, "protocol": "TLSv1.2"})


@tests_of(DONE, check_older)
class OlderTls(StarttlsCase):
    """The options of the handshake hold after a dialogue, too."""


def check_line(self, row):
    line = self.speak(row)["repro"]
    done = subprocess.run(["sh", "-c", line], capture_output=True, timeout=120)
    said = done.stdout.decode(errors="replace")
    self.assertIn(f"subject={SUBJECT}", said, line)
    self.assertIn("Verify return code: 0 (ok)", said, line)


@tests_of(DONE, check_line)
class SameWithSclient(StarttlsCase):
    """The line of the record that does the same with openssl s_client."""


class Xmpp(StarttlsCase):
    """A server has several domains; the dialogue names one of them."""

    def test_a_domain_of_another_name(self):
        for service in "xmpp", "xmpp-server":
            port = self.server(Prosody).port[service]
            record = self.probe("-starttls", service, "-xmpphost", NAME,
                                f"127.0.0.1:{port}")[0]
            self.assertRecord(record, {**GOOD, "starttls": service})

    def test_a_domain_that_is_not_served(self):
        port = self.server(Prosody).port["xmpp"]
        record = self.probe("-starttls", "xmpp", "-xmpphost", "demo.invalid",
                            f"127.0.0.1:{port}")[0]
        self.assertRecord(record, refused("host-unknown"))
