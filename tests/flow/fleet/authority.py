"""A certificate authority for tests about revocation: each has its own, since
the places of the lists are written into its certificates."""

import os
import subprocess

CONF = """
[ca]
database = {folder}/{name}.index
crlnumber = {folder}/{name}.crlnumber
default_md = sha256
default_crl_days = 30
[ca_ext]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[crl_signer_ext]
keyUsage = critical, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf_ext]
subjectAltName = DNS:*.demo.test, IP:127.0.0.1
authorityKeyIdentifier = keyid
[crl_ext]
authorityKeyIdentifier = keyid
[delta_ext]
authorityKeyIdentifier = keyid
2.5.29.27 = critical, DER:020101
[no_ext]
[req]
distinguished_name = dn
[dn]
"""


class Authority:
    """Files NAME.pem and NAME.key of one issuer; those it issues lie beside."""

    def __init__(self, folder, name, issuer=None):
        self.folder = folder
        self.name = name
        self.serial = 100
        (folder / f"{name}.cnf").write_text(CONF.format(folder=folder, name=name))
        (folder / f"{name}.index").touch()
        (folder / f"{name}.crlnumber").write_text("01")
        if issuer:
            issuer.issue(name, extensions="ca_ext")
        else:
            self.make_key(name)
            self.openssl("req", "-new", "-x509", "-key", self.path(name, "key"),
                         "-subj", f"/CN={name}", "-days", "300", "-extensions",
                         "ca_ext", "-config", self.path(name, "cnf"), "-out",
                         self.path(name, "pem"))

    def path(self, name, kind):
        return self.folder / f"{name}.{kind}"

    @staticmethod
    def openssl(*words):
        done = subprocess.run(["openssl", *map(str, words)], capture_output=True,
                              text=True, check=False,
                              env={**os.environ, "OPENSSL_CONF": "/dev/null"})
        if done.returncode:
            raise RuntimeError(f"openssl {words}: {done.stderr}")

    def make_key(self, name):
        self.openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-out", self.path(name, "key"))

    def issue(self, name, *places, deltas=(), extensions="leaf_ext", subject=None):
        """A certificate that names the places of its list; its path without
        ".pem" and ".key"."""
        conf = self.path(name, "ext")
        lines = [f"{key} = " + ", ".join(f"URI:{place}" for place in list_)
                 for key, list_ in (("crlDistributionPoints", places),
                                    ("freshestCRL", deltas)) if list_]
        text = self.path(self.name, "cnf").read_text()
        conf.write_text(text.replace(f"[{extensions}]\n",
                                     "\n".join([f"[{extensions}]", *lines, ""])))
        self.make_key(name)
        self.openssl("req", "-new", "-key", self.path(name, "key"), "-subj",
                     f"/CN={subject or name}", "-config", conf, "-out",
                     self.path(name, "csr"))
        self.serial += 1
        self.openssl("x509", "-req", "-in", self.path(name, "csr"), "-CA",
                     self.path(self.name, "pem"), "-CAkey",
                     self.path(self.name, "key"), "-set_serial", self.serial,
                     "-days", "200", "-extfile", conf, "-extensions", extensions,
                     "-out", self.path(name, "pem"))
        return self.folder / name

    def ca(self, signer, *words):
        self.openssl("ca", "-config", self.path(self.name, "cnf"), "-name", "ca",
                     "-cert", self.path(signer, "pem"), "-keyfile",
                     self.path(signer, "key"), *words)

    def revoke(self, name):
        self.ca(self.name, "-revoke", self.path(name, "pem"))

    def list(self, extensions="crl_ext", signer=None):
        """The revocation list as of now, DER; NAME.crl is the same in PEM."""
        pem, der = self.path(self.name, "crl"), self.path(self.name, "crl.der")
        self.ca(signer or self.name, "-gencrl", "-crlexts", extensions, "-out",
                pem)
        self.openssl("crl", "-in", pem, "-outform", "DER", "-out", der)
        return der.read_bytes()
