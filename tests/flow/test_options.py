"""Every target keeps its own options."""

import itertools

from fleet.case import FlowCase

TLS13 = ("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256",
         "TLS_CHACHA20_POLY1305_SHA256")
TLS12 = ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384",
         "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-SHA256",
         "ECDHE-RSA-AES256-SHA384")
# As -groups says it, and as OpenSSL names it in a report.
GROUPS = {"X25519": "X25519", "P-256": "prime256v1", "P-384": "secp384r1",
          "P-521": "secp521r1"}


class OptionSets(FlowCase):
    def entries(self, port):
        """64 YAML targets, no two alike, and what is expected of each."""
        sets = itertools.product(TLS13 + TLS12, GROUPS, ("h2", "http/1.1"))
        for number, (cipher, group, alpn) in enumerate(sets):
            name = f"n{number}.demo.test"
            trusted = number % 3 != 0
            lines = [f"connect: 127.0.0.1:{port}", f"servername: {name}",
                     f"groups: {group}", f"alpn: {alpn}",
                     f"CAfile: {self.ca if trusted else self.pki / 'selfsigned.pem'}",
                     f"tags: {{ n: \"{number}\" }}"]
            if cipher in TLS13:
                lines += ["min_protocol: TLSv1.3", f"ciphersuites: {cipher}"]
            else:
                lines += ["max_protocol: TLSv1.2", f"cipher: {cipher}"]
            yield "  - " + "\n    ".join(lines), {
                "sni": name, "cipher": cipher, "alpn": alpn,
                "group": GROUPS[group], "name_match": "yes",
                "protocol": "TLSv1.3" if cipher in TLS13 else "TLSv1.2",
                "verified": "yes" if trusted else "no", "status": "ok"}

    def test_64_option_sets_and_each_result_its_own(self):
        port = self.s_server("-alpn", "h2,http/1.1", cert="rsa")
        entries = list(self.entries(port))
        self.assertEqual(len(entries), 64)
        texts = [text for text, _ in entries]
        self.assertEqual(len(set(texts)), 64)
        targets = self.file("sets.yaml", "targets:\n" + "\n".join(texts) + "\n")
        run = self.run_program("-targets", targets, "-report", "csv",
                               "-fields", "default,tags", "-workers", "16",
                               status=1)
        found = run.csv()
        self.assertEqual(len(found), 64)
        for number, (record, (_, expected)) in enumerate(zip(found, entries)):
            self.assertFields(record, index=str(number + 1), **expected)
            self.assertIn(str(number), record["tags"])

    def test_the_same_words_from_command_line_plain_list_and_yaml(self):
        port = self.s_server("-alpn", "h2,http/1.1")
        plain = self.file("plain", f"a.demo.test@127.0.0.1:{port} -alpn h2 "
                                   "-max_protocol TLSv1.2 -curves P-384:P-256\n")
        yaml = self.file("list.yaml", f"""
targets:
  - connect: a.demo.test@127.0.0.1:{port}
    alpn: h2
    max_protocol: TLSv1.2
    curves: P-384:P-256
""")
        ways = (("-targets", plain), ("-targets", yaml),
                (f"a.demo.test@127.0.0.1:{port}", "-alpn", "h2", "-max_protocol",
                 "TLSv1.2", "--curves=P-384:P-256"))
        for words in ways:
            with self.subTest(words):
                self.assertFields(
                    self.record(*words), alpn="h2", protocol="TLSv1.2",
                    group="secp384r1", sni="a.demo.test", verified="yes")

    def test_signature_algorithms_reach_the_wire(self):
        port = self.s_server(cert="rsa")
        record = self.record("-sigalgs", "RSA-PSS+SHA512",
                             f"a.demo.test@127.0.0.1:{port}", status=0)
        self.assertIn("512", record["signature"])

    def test_version_switches(self):
        port = self.s_server()
        target = f"a.demo.test@127.0.0.1:{port}"
        rows = ((("-tls1_2",), "TLSv1.2"), (("-tls1_3",), "TLSv1.3"),
                (("-no_tls1_3",), "TLSv1.2"), (("-no_ssl3",), "TLSv1.3"),
                (("-min_protocol", "TLSv1.3"), "TLSv1.3"),
                (("-max_protocol", "TLSv1.2"), "TLSv1.2"))
        for words, version in rows:
            with self.subTest(words):
                self.assertFields(self.record(*words, target),
                                  status="ok", protocol=version)


class Precedence(FlowCase):
    """defaults, then the command line, then profile, then target."""

    def scan(self, text, *words):
        run = self.run_program("-targets", self.file("list.yaml", text),
                               "-report", "csv", *words)
        return run.csv()

    def test_each_level_overrides_the_one_before(self):
        port = self.s_server()
        text = f"""
defaults: {{ servername: defaults.demo.test, CAfile: {self.ca} }}
profiles:
  own: {{ servername: profile.demo.test }}
targets:
  - 127.0.0.1:{port}
  - connect: 127.0.0.1:{port}
    profiles: [own]
  - connect: 127.0.0.1:{port}
    profiles: [own]
    servername: target.demo.test
"""
        found = self.scan(text)
        self.assertEqual([r["sni"] for r in found],
                         ["defaults.demo.test", "profile.demo.test",
                          "target.demo.test"])
        self.assertEqual([r["profile"] for r in found],
                         ["none", "own", "own"])
        found = self.scan(text, "-servername", "command.demo.test")
        self.assertEqual([r["sni"] for r in found],
                         ["command.demo.test", "profile.demo.test",
                          "target.demo.test"])

    def test_a_target_is_probed_once_for_each_of_its_profiles(self):
        port = self.s_server()
        found = self.scan(f"""
defaults: {{ CAfile: {self.ca} }}
profiles:
  modern: {{ min_protocol: TLSv1.3 }}
  legacy: {{ max_protocol: TLSv1.2 }}
targets:
  - connect: a.demo.test@127.0.0.1:{port}
    profiles: [modern, legacy]
  - b.demo.test@127.0.0.1:{port}
""")
        self.assertEqual(
            [(r["index"], r["profile"], r["protocol"]) for r in found],
            [("1", "modern", "TLSv1.3"), ("1", "legacy", "TLSv1.2"),
             ("2", "none", "TLSv1.3")])

    def test_profile_on_the_command_line_is_for_every_target(self):
        port = self.s_server()
        found = self.scan(f"""
profiles:
  modern: {{ min_protocol: TLSv1.3 }}
  legacy: {{ max_protocol: TLSv1.2 }}
targets:
  - connect: a.demo.test@127.0.0.1:{port}
    profiles: [modern]
  - b.demo.test@127.0.0.1:{port}
""", "-profile", "legacy")
        self.assertEqual([(r["profile"], r["protocol"]) for r in found],
                         [("legacy", "TLSv1.2")] * 2)

    def test_false_takes_a_flag_back(self):
        port = self.s_server(cert="expired")
        found = self.scan(f"""
defaults: {{ verify_return_error: true, CAfile: {self.ca} }}
targets:
  - a.demo.test@127.0.0.1:{port}
  - connect: a.demo.test@127.0.0.1:{port}
    verify_return_error: false
""")
        self.assertEqual([(r["status"], r["code"]) for r in found],
                         [("failed", "verify_failed"), ("ok", "none")])

    def test_a_group_shares_its_words(self):
        port = self.s_server()
        found = self.scan(f"""
defaults: {{ CAfile: {self.ca} }}
targets:
  - hosts: [ "a.demo.test@127.0.0.1:{port}", "b.demo.test@127.0.0.1:{port}" ]
    max_protocol: TLSv1.2
  - c.demo.test@127.0.0.1:{port}
""")
        self.assertEqual([(r["sni"], r["protocol"]) for r in found],
                         [("a.demo.test", "TLSv1.2"), ("b.demo.test", "TLSv1.2"),
                          ("c.demo.test", "TLSv1.3")])
