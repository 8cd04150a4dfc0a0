"""Revocation lists that are not where OpenSSL looks for them by itself."""

from fleet.authority import Authority
from fleet.case import FlowCase


class Signer(FlowCase):
    """A list that another key than the issuer's has signed."""

    def test_is_verified_in_its_turn(self):
        root = Authority(self.folder, "root")
        issuer = Authority(self.folder, "issuer", root)
        leaf = issuer.issue("leaf")
        root.issue("signer", extensions="crl_signer_ext", subject="issuer")
        both = self.file("both.pem", "".join(
            (self.folder / f"{name}.pem").read_text()
            for name in ("issuer", "signer")))
        crl = self.folder / "signed.crl"
        issuer.openssl("ca", "-config", self.folder / "issuer.cnf", "-name", "ca",
                       "-cert", self.folder / "signer.pem", "-keyfile",
                       self.folder / "signer.key", "-gencrl", "-crlexts",
                       "crl_ext", "-out", crl)
        port = self.s_server("-cert_chain", both, cert=leaf, chain=False)
        words = ("-CAfile", self.folder / "root.pem", "-crl_check", "-CRL", crl,
                 f"a.demo.test@127.0.0.1:{port}")
        self.assertFields(self.record("-extended_crl", *words), status="ok",
                          verified="yes", verify_code="0", subject="CN = leaf")
        self.assertFields(self.record(*words), verified="no")
