"""One list of 500 targets that mixes all protocols, ways and ends."""

import collections

from servers.nginx import Nginx
from servers.postfix import Postfix
from servers.squid import Squid
from servers.tinyproxy import Tinyproxy
from support.case import GOOD, NAME, ServiceCase
from test_starttls import BROKEN, DONE, SWITCHED_OFF

COUNT = 500

# Where targets go and how, and what their records say.
Way = collections.namedtuple("Way", "addresses port words expected")


class Mixed(ServiceCase):
    def starttls_ways(self):
        # The server that stays silent would only cost time.
        off = [row for row in SWITCHED_OFF if row.protocol != "irc"]
        for row in (*DONE, *off, *BROKEN):
            server = self.server(row.kind, row.tls)
            words = f"-starttls {row.protocol}"
            if row.protocol.startswith("xmpp"):
                words += f" -xmpphost {NAME}"
            expected = {name: value for name, value in row.expected.items()
                        if name != "sni"}
            yield Way(server.addresses, server.port[row.service], words,
                      expected)

    def other_ways(self):
        nginx, smtp = self.server(Nginx), self.server(Postfix)
        good = {**GOOD, "name_match": True}
        yield Way(nginx.addresses, nginx.port["tls"], "",
                  {**good, "starttls": "none"})
        for kind in Squid, Tinyproxy:
            proxy = f"-proxy 127.0.0.1:{self.server(kind).port['proxy']}"
            yield Way(nginx.addresses, nginx.port["tls"], proxy,
                      {**good, "starttls": "none"})
            yield Way(smtp.addresses, smtp.port["smtp"],
                      f"{proxy} -starttls smtp", {**good, "starttls": "smtp"})
        yield Way(("127.0.0.1",), 1, "-starttls imap",
                  {"status": "failed", "stage": "connect",
                   "code": "connect_refused", "starttls": "imap"})

    def targets(self):
        """Each with a name of its own: (target, words, expected)."""
        ways = [*self.starttls_ways(), *self.other_ways()]
        for n in range(COUNT):
            way = ways[n % len(ways)]
            address = way.addresses[n // len(ways) % len(way.addresses)]
            where = f"[{address}]" if ":" in address else address
            target = f"t{n}.demo.test@{where}:{way.port}"
            yield target, way.words, {**way.expected, "target": target,
                                      "host": f"t{n}.demo.test",
                                      "index": n + 1}

    def test_every_row_is_right_and_in_list_order(self):
        targets = list(self.targets())
        fleet = self.file("fleet", "".join(
            f"{target} {words}\n" for target, words, _ in targets))
        found = self.probe("-workers", "64", "-targets", fleet)
        self.assertEqual(len(found), COUNT)
        for record, (_, _, expected) in zip(found, targets):
            self.assertRecord(record, expected)
        # All ways to end are in it.
        self.assertGreater(len({record["code"] for record in found}), 3)
