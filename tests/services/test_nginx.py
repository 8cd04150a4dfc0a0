"""nginx where addresses are not 127.0.0.1: a Unix socket and ::1."""

from servers.nginx import Nginx
from support.case import GOOD, NAME, ServiceCase


class Places(ServiceCase):
    def test_an_ipv6_address(self):
        port = self.server(Nginx).port["tls"]
        record = self.probe(f"[::1]:{port}")[0]
        self.assertRecord(record, {**GOOD, "host": "::1", "port": port,
                                   "name_match": True, "starttls": "none"})

    def test_a_name_at_an_ipv6_address(self):
        port = self.server(Nginx).port["tls"]
        record = self.probe(f"{NAME}@[::1]:{port}")[0]
        self.assertRecord(record, {**GOOD, "sni": NAME, "name_match": True})

    def test_a_family_that_is_asked_for(self):
        port = self.server(Nginx).port["tls"]
        for option, host, address in (("-4", "localhost", "127.0.0.1"),
                                      ("-6", "[::1]", "::1")):
            record = self.probe(option, f"{host}:{port}")[0]
            self.assertRecord(record, {**GOOD, "address": address})

    def test_a_family_that_the_address_is_not_of(self):
        port = self.server(Nginx).port["tls"]
        record = self.probe("-4", f"[::1]:{port}")[0]
        self.assertRecord(record, {"status": "failed", "stage": "resolve",
                                   "protocol": None})

    def test_a_unix_socket(self):
        socket = self.server(Nginx).home / "socket"
        record = self.probe("-unix", socket, "-servername", NAME)[0]
        self.assertRecord(record, {**GOOD, "sni": NAME, "name_match": True})

    def test_a_unix_socket_that_is_not_there(self):
        socket = self.server(Nginx).home / "no-socket"
        record = self.probe("-unix", socket)[0]
        self.assertRecord(record, {"status": "failed", "stage": "connect"})
