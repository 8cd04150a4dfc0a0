"""Revocation lists: those that must be fetched, and those that others signed."""

import subprocess

from fleet.authority import Authority
from fleet.case import FlowCase
from fleet.place import INSTRUMENTED
from fleet.program import linked, run
from fleet.web import Web

MISSING = "unable to get certificate CRL"
SINCE_32 = linked() >= (3, 2)
LEAF = "CN=leaf" if SINCE_32 else "CN = leaf"


class RevocationCase(FlowCase):
    """A root, an issuer under it, and a web server for their lists."""

    def setUp(self):
        super().setUp()
        self.web = Web()
        self.addCleanup(self.web.close)
        self.root = Authority(self.folder, "root")
        self.issuer = Authority(self.folder, "issuer", self.root)
        self.publish()

    def publish(self):
        self.web.files["/good"] = self.issuer.list()
        self.size = len(self.web.files["/good"])

    def serve(self, leaf, *words):
        """The port of a server with a certificate of the issuer."""
        return self.s_server("-cert_chain", self.folder / "issuer.pem", *words,
                             cert=leaf, chain=False)

    def leaf(self, *places, name="leaf", **how):
        return self.serve(self.issuer.issue(name, *places, **how))

    def words(self, *more):
        return ("-CAfile", self.folder / "root.pem", "-crl_download",
                "-crl_check", "-fields", "all", *more)

    def look(self, port, *more, **how):
        return self.record(*self.words(*more), f"a.demo.test@127.0.0.1:{port}",
                           **how)

    def bytes_of(self, path):
        return f"{self.web.url(path)}: {len(self.web.files[path])} bytes"


class Fetched(RevocationCase):
    def test_a_list_that_does_not_name_the_certificate(self):
        port = self.leaf(self.web.url("/good"))
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                self.assertFields(
                    self.look(port, version, status=0), status="ok",
                    stage="done", verified="yes", verify_code="0",
                    crl_downloads=self.bytes_of("/good"), warnings="none")

    def test_a_list_that_names_it(self):
        port = self.leaf(self.web.url("/good"))
        self.issuer.revoke("leaf")
        self.publish()
        self.assertFields(self.look(port), status="ok", stage="done",
                          code="none", verified="no", verify_code="23",
                          verify_error="certificate revoked",
                          crl_downloads=self.bytes_of("/good"))
        self.assertFields(
            self.look(port, "-verify_return_error", status=1), status="failed",
            stage="verify", code="verify_failed", verify_code="23",
            verified="no", subject=LEAF, protocol="TLSv1.3",
            error="the server's certificate was not accepted: certificate "
                  "revoked (error 23)",
            crl_downloads=self.bytes_of("/good"))

    def test_another_place_where_the_first_fails(self):
        port = self.leaf(self.web.url("/gone"), self.web.url("/good"),
                         self.web.url("/third"))
        record = self.look(port)
        self.assertFields(record, verified="yes")
        self.assertEqual(record["crl_downloads"],
                         f"{self.web.url('/gone')}: the server does not give it: "
                         f"'404 Not Found'; {self.bytes_of('/good')}")
        self.assertEqual(self.web.asked, ["/gone", "/good"])

    def test_no_more_than_two_places(self):
        port = self.leaf(*(self.web.url(f"/gone{i}") for i in range(5)))
        self.assertFields(self.look(port), verified="no", verify_code="3")
        self.assertEqual(self.web.asked, ["/gone0", "/gone1"])

    def test_lists_of_the_whole_chain(self):
        self.root.issue("issuer", self.web.url("/root"), extensions="ca_ext")
        self.web.files["/root"] = self.root.list()
        self.publish()
        port = self.leaf(self.web.url("/good"))
        self.assertFields(
            self.look(port, "-crl_check_all"), verified="yes", warnings="none",
            crl_downloads=f"{self.bytes_of('/good')}; {self.bytes_of('/root')}")
        self.root.revoke("issuer")
        self.web.files["/root"] = self.root.list()
        self.assertFields(self.look(port, "-crl_check_all"), verified="no",
                          verify_code="23")

    def test_a_certificate_that_names_no_place(self):
        record = self.look(self.leaf())
        self.assertFields(
            record, verified="no", verify_code="3", crl_downloads="none",
            warnings="no place to fetch a revocation list from is named in the "
                     f"certificate of {LEAF}")

    def test_what_was_added_lately(self):
        port = self.leaf(self.web.url("/good"), deltas=[self.web.url("/new")])
        self.issuer.revoke("leaf")
        self.web.files["/new"] = self.issuer.list("delta_ext")
        self.assertFields(self.look(port), verified="yes",
                          crl_downloads=self.bytes_of("/good"))
        self.assertFields(
            self.look(port, "-use_deltas"), verified="no", verify_code="23",
            crl_downloads=f"{self.bytes_of('/good')}; {self.bytes_of('/new')}")

    def test_in_the_library_of_a_provider(self):
        port = self.leaf(self.web.url("/good"))
        self.issuer.revoke("leaf")
        self.publish()
        self.assertFields(self.look(port, "-provider", "default"),
                          verify_code="23")

    def test_of_a_session_that_is_resumed(self):
        port = self.leaf(self.web.url("/good"))
        both = self.file("both.pem", (self.folder / "root.pem").read_text()
                         + (self.folder / "issuer.pem").read_text())
        saved = self.folder / "session"
        words = ("-CAfile", both, "-tls1_2")
        self.assertFields(self.look(port, *words, "-sess_out", saved),
                          verified="yes", resumed="no")
        self.issuer.revoke("leaf")
        self.publish()
        self.assertFields(self.look(port, *words, "-sess_in", saved),
                          resumed="yes", verified="no", verify_code="23",
                          crl_downloads=self.bytes_of("/good"))

    def test_words_of_a_list_file(self):
        port = self.leaf(self.web.url("/good"))
        listed = self.file("list.yaml", f"""
defaults: {{ CAfile: root.pem, crl_check: true }}
profiles: {{ fetch: {{ crl_download: true }} }}
targets:
  - connect: a.demo.test@127.0.0.1:{port}
    profiles: [ fetch ]
  - a.demo.test@127.0.0.1:{port}
""")
        with_it, without = self.run_program(
            "-targets", listed, "-report", "jsonl", "-fields", "all").jsonl()
        self.assertEqual((with_it["verify_code"], with_it["crl_downloads"]),
                         (0, [self.bytes_of("/good")]))
        self.assertEqual((without["verify_code"], without["crl_downloads"]),
                         (3, None))


class OnceOnly(RevocationCase):
    def test_a_list_is_asked_for_once_a_run(self):
        port = self.leaf(self.web.url("/good"))
        targets = [f"n{i}.demo.test@127.0.0.1:{port}" for i in range(20)]
        for record in self.records(*self.words(), "-workers", "8", *targets):
            self.assertFields(record, verified="yes",
                              crl_downloads=self.bytes_of("/good"))
        self.assertEqual(self.web.asked, ["/good"])

    def test_and_a_place_that_has_none_too(self):
        port = self.leaf(self.web.url("/gone"))
        targets = [f"n{i}.demo.test@127.0.0.1:{port}" for i in range(20)]
        for record in self.records(*self.words(), "-workers", "8", *targets):
            self.assertFields(record, status="ok", verify_code="3")
            self.assertIn("404", record["crl_downloads"])
        self.assertEqual(self.web.asked, ["/gone"])

    def test_and_for_all_connections_of_a_target(self):
        port = self.leaf(self.web.url("/good"))
        self.assertFields(self.look(port, "-reconnect"), verified="yes",
                          resumptions="; ".join(["new"] + ["reused"] * 5))
        self.assertEqual(self.web.asked, ["/good"])


class NotAsked(RevocationCase):
    def check(self, port, *words, **fields):
        self.assertFields(
            self.record("-fields", "all", *words,
                        f"a.demo.test@127.0.0.1:{port}"), **fields)
        self.assertEqual(self.web.asked, [])

    def test_for_a_chain_that_does_not_verify(self):
        port = self.leaf(self.web.url("/good"))
        self.check(port, *self.words("-CAfile", self.ca), verified="no",
                   verify_code="20", crl_downloads="none")
        self.check(port, *self.words("-verify_hostname", "x.example"),
                   verified="no", verify_code="62", crl_downloads="none")
        self.check(port, *self.words("-CAfile", self.ca, "-verify_return_error"),
                   status="failed", stage="verify", verify_code="20",
                   crl_downloads="")

    def test_of_such_a_chain_lists_at_hand_are_looked_into(self):
        port = self.leaf(self.web.url("/good"))
        self.issuer.revoke("leaf")
        self.publish()
        crl = self.folder / "issuer.crl"
        self.check(port, *self.words("-verify_hostname", "x.example", "-CRL", crl),
                   verified="no", verify_code="23", crl_downloads="none")

    def test_without_need(self):
        port = self.leaf(self.web.url("/good"))
        trust = ("-CAfile", self.folder / "root.pem")
        self.check(port, *trust, "-crl_download", verified="yes",
                   crl_downloads="not_asked",
                   warnings="option '-crl_download': no list is asked for "
                            "without -crl_check or -crl_check_all")
        self.check(port, *trust, "-crl_check", verify_code="3",
                   crl_downloads="not_asked")
        self.check(port, *self.words("-CRL", self.folder / "issuer.crl"),
                   verified="yes", crl_downloads="none")


class NotToBeHad(RevocationCase):
    """Each has its sentence, and nothing else is lost."""

    def expect(self, port, place, why, *words):
        self.assertFields(
            self.look(port, *words), status="ok", stage="done", code="none",
            verified="no", verify_code="3", verify_error=MISSING,
            subject=LEAF, protocol="TLSv1.3", name_match="yes",
            crl_downloads=f"{place}: {why}")

    def test_for_whatever_reason(self):
        url = self.web.url
        shut = "http://127.0.0.1:1/x"
        rows = (
            (url("/gone"), "the server does not give it: '404 Not Found'"),
            (url("/moved"), "redirects are not followed: '302 Found'"),
            (url("/large"), "it has 10485761 bytes, more than the 10485760 "
                            "allowed"),
            (url("/endless"), "it has more than the 10485760 bytes allowed"),
            (url("/short"), "it was cut off after 5 of 100 bytes"),
            (url("/garbage"), None),
            (url("/empty"), None),
            (shut, None),
            ("https://127.0.0.1/x", "it does not begin with http://"),
            ("ldap://127.0.0.1/x", "it does not begin with http://"),
            ("http://user@127.0.0.1/x", "its host or port cannot be read"),
            ("http://127.0.0.1/\x1b[31m", None),
        )
        parts = {url("/garbage"): "no revocation list in DER",
                 url("/empty"): "no revocation list in DER",
                 shut: "refused", rows[-1][0]: "does not belong into a URL"}
        for place, why in rows:
            with self.subTest(place):
                port = self.leaf(place)
                if why:
                    self.expect(port, place, why)
                    continue
                record = self.look(port)
                self.assertFields(record, status="ok", verify_code="3")
                self.assertIn(parts[place], record["crl_downloads"])
                self.assertNotIn("\x1b", record["crl_downloads"])
        self.assertEqual(self.web.count("/good"), 0)

    def test_the_first_place_of_http_counts(self):
        port = self.leaf("ldap://127.0.0.1/x", self.web.url("/good"))
        self.assertFields(self.look(port), verified="yes",
                          crl_downloads=self.bytes_of("/good"))

    def test_silence_ends_after_its_time(self):
        port = self.leaf(self.web.url("/silent"))
        self.expect(port, self.web.url("/silent"),
                    "waiting for the answer: no answer in time", "-deadline",
                    "300" if INSTRUMENTED else "60")

    def test_a_list_of_another_issuer(self):
        self.web.files["/other"] = self.root.list()
        record = self.look(self.leaf(self.web.url("/other")))
        self.assertFields(record, verified="no", verify_code="3",
                          crl_downloads=self.bytes_of("/other"))

    def test_a_list_that_somebody_else_signed(self):
        folder = self.folder / "forger"
        folder.mkdir()
        forger = Authority(folder, "issuer")
        self.web.files["/forged"] = forger.list("no_ext")
        record = self.look(self.leaf(self.web.url("/forged")))
        self.assertFields(record, verified="no", verify_code="8",
                          crl_downloads=self.bytes_of("/forged"))

    def test_ends_the_connection_where_the_options_say_so(self):
        place = self.web.url("/gone")
        record = self.look(self.leaf(place), "-verify_return_error", status=1)
        self.assertFields(
            record, status="failed", stage="verify", code="crl_fetch",
            verified="no", verify_code="3", subject=LEAF,
            error="the server's certificate was not accepted: unable to get "
                  f"certificate CRL (error 3): {place}: the server does not "
                  "give it: '404 Not Found'")


class NearUs(RevocationCase):
    """Behind a proxy it is not known where the target is."""

    def setUp(self):
        super().setUp()
        self.proxy = ("-proxy", f"127.0.0.1:{self.web.port}")

    def test_is_nobody_for_certificates_to_send_us_to(self):
        for host, address in (("127.0.0.1", "127.0.0.1"), ("127.1", "127.0.0.1"),
                              ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1")):
            with self.subTest(host):
                place = self.web.url("/good", host=host)
                record = self.look(self.leaf(place), *self.proxy)
                self.assertFields(
                    record, status="ok", verify_code="3",
                    crl_downloads=f"{place}: {address} is a loopback address, "
                                  "which is not asked without "
                                  "-allow_private_crl")
        self.assertEqual(self.web.asked, [])

    def test_may_be_asked_where_that_is_allowed(self):
        port = self.leaf(self.web.url("/good"))
        self.assertFields(self.look(port, *self.proxy, "-allow_private_crl"),
                          verified="yes")

    def test_is_a_matter_of_each_target(self):
        port = self.leaf(self.web.url("/good"))
        listed = self.file("list", f"a.demo.test@127.0.0.1:{port}\n"
                           f"b.demo.test@127.0.0.1:{port} {' '.join(self.proxy)}\n"
                           f"c.demo.test@127.0.0.1:{port}\n")
        records = self.records(*self.words(), "-workers", "1", "-targets", listed)
        self.assertEqual([r["verified"] for r in records], ["yes", "no", "yes"])
        self.assertEqual(self.web.asked, ["/good"])


class Interactive(RevocationCase):
    """As s_client has it, but for the order: the chain comes first."""

    def both(self, port, *words):
        words = ("-CAfile", self.folder / "root.pem", "-crl_download", *words)
        ours = run("-connect", f"127.0.0.1:{port}", *words)
        theirs = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}",
             *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False, timeout=60)
        return ours, theirs

    def assertSameVerdict(self, ours, theirs):
        self.assertEqual(ours.status, theirs.returncode, ours)
        pick = lambda text: [line for line in text.splitlines()
                             if line.startswith("Verif")]
        self.assertEqual(pick(ours.out), pick(theirs.stdout), ours)

    def test_a_good_certificate(self):
        ours, theirs = self.both(self.leaf(self.web.url("/good")), "-crl_check")
        self.assertSameVerdict(ours, theirs)
        self.assertIn("Verification: OK", ours.out)
        self.assertEqual(ours.err, theirs.stderr)
        self.assertEqual(self.web.asked, ["/good", "/good"])

    def test_a_revoked_one(self):
        port = self.leaf(self.web.url("/good"))
        self.issuer.revoke("leaf")
        self.publish()
        ours, theirs = self.both(port, "-crl_check")
        self.assertSameVerdict(ours, theirs)
        self.assertEqual(sorted(ours.err.splitlines()),
                         sorted(theirs.stderr.splitlines()))
        self.assertIn(f"depth=0 {LEAF}\nverify error:num=23:certificate "
                      "revoked\nverify return:1\n", ours.err)

    def test_a_revoked_one_that_ends_the_session(self):
        port = self.leaf(self.web.url("/good"))
        self.issuer.revoke("leaf")
        self.publish()
        ours, theirs = self.both(port, "-crl_check", "-verify_return_error")
        self.assertEqual((ours.status, theirs.returncode), (1, 1))
        self.assertIn("verify error:num=23:certificate revoked\ntlsfleet: the "
                      "server's certificate was not accepted: certificate "
                      "revoked (error 23)\n", ours.err)

    def test_a_list_that_is_not_there(self):
        place = self.web.url("/gone")
        ours, theirs = self.both(self.leaf(place), "-crl_check")
        self.assertSameVerdict(ours, theirs)
        line = "Unable to load CRL via CDP"
        line += f" from {place}\n" if SINCE_32 else "\n"
        self.assertIn(line, theirs.stderr)
        self.assertIn(f"{line}tlsfleet: {place}: the server does not give it: "
                      f"'404 Not Found'\ndepth=0 {LEAF}\n"
                      f"verify error:num=3:{MISSING}\n", ours.err)


class SignedByAnother(RevocationCase):
    """A list that is signed with another key than the issuer's."""

    def test_is_verified_in_its_turn(self):
        self.root.issue("signer", extensions="crl_signer_ext", subject="issuer")
        both = self.file("both.pem", "".join(
            (self.folder / f"{name}.pem").read_text()
            for name in ("issuer", "signer")))
        port = self.s_server("-cert_chain", both, chain=False,
                             cert=self.issuer.issue("leaf", self.web.url("/good")))
        self.web.files["/good"] = self.issuer.list(signer="signer")
        trust = ("-CAfile", self.folder / "root.pem", "-crl_check")
        for words in (("-CRL", self.folder / "issuer.crl"), ("-crl_download",)):
            with self.subTest(words[0]):
                target = f"a.demo.test@127.0.0.1:{port}"
                self.assertFields(
                    self.record("-extended_crl", *trust, *words, target),
                    status="ok", verified="yes", subject=LEAF)
                self.assertFields(self.record(*trust, *words, target),
                                  verified="no")
