"""The rows of cases.tsv and of differences.md."""

import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
SHORT = {
    "@SERVER@": "-cert @D@/srv.pem -key @D@/srv.key -cert_chain @D@/int.pem",
    "@CLIENT@": "-connect @C@ -CAfile @D@/root.pem",
    "@LONG256@": "n" * 256,
    "@LONG300@": "n" * 300,
    "@HEX256@": "ab" * 256,
    "@HEX257@": "ab" * 257,
    "@HEX512@": "ab" * 512,
    "@HEX600@": "ab" * 600,
}


class Case:
    def __init__(self, line):
        self.id, server, client, self.script, self.about = line.split("\t")
        for short, whole in SHORT.items():
            server = server.replace(short, whole)
            client = client.replace(short, whole)
        self.directives = {}
        while server.startswith("!"):
            word, _, server = server.partition(" ")
            name, _, value = word[1:].partition("=")
            self.directives[name] = value
        self.server = server
        self.steps = client.split(" ;; ")


def read_cases():
    for line in (HERE / "cases.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            yield Case(line)


def read_differences():
    """{case: what differs}, from the rows of the table."""
    rows = {}
    for line in (HERE / "differences.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 3 and cells[0].startswith("`"):
            for name in re.findall(r"`([^`]+)`", cells[0]):
                rows[name] = cells[1]
    return rows
