"""Apache with SRP: the one server at hand that speaks it (s_server crashes)."""

import contextlib
import hashlib
import os
import pathlib
import subprocess

from .place import certificates
from .servers import end, kept_ports, wait_for_port

PROGRAM = pathlib.Path("/usr/sbin/apache2")
MODULES = pathlib.Path("/usr/lib/apache2/modules")
NOBODY = 65534
PASSWORD = "opensesame"
DIGITS = ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
          "abcdefghijklmnopqrstuvwxyz./")

# The 1024-bit group of RFC 2409 is none of RFC 5054: nobody knows it.
ODD_PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF", 16)
# The 1024-bit group of RFC 5054.
KNOWN_PRIME = int(
    "EEAF0AB9ADB38DD69C33F80AFA8FC5E86072618775FF3C0B9EA2314C9C256576"
    "D674DF7496EA81D3383B4813D692C6E0E0D5D8E250B98BE48E495C1D6089DAD1"
    "5DC7D7B46154D6B6CE8EF4AD69B15D4982559B297BCF1885C529F566660E57EC"
    "68EDBC3C05726CC02FD4CBF4976EAA9AFD5138FE8376435B9FC61D2FC0EB06E3", 16)

CONF = """
ServerRoot {folder}
ServerName localhost
PidFile httpd.pid
ErrorLog error.log
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule ssl_module {modules}/mod_ssl.so
User {user}
Group {user}
SSLEngine on
SSLProtocol TLSv1.2
SSLCipherSuite SRP
SSLCertificateFile {pki}/rsa.chain.pem
SSLCertificateKeyFile {pki}/rsa.key
SSLSRPVerifierFile {folder}/users
"""


def is_there():
    return PROGRAM.exists() and (MODULES / "mod_ssl.so").exists()


def spell(number):
    """A number as OpenSSL's SRP files have them: four digits are three bytes."""
    text = ""
    while number:
        number, digit = divmod(number, 64)
        text = DIGITS[digit] + text
    return "0" * (-len(text) % 4) + text


def generator(prime):
    """The least one whose powers are all numbers."""
    return next(g for g in range(2, 100)
                if pow(g, (prime - 1) // 2, prime) == prime - 1)


def verifier(name, password, prime, g):
    salt = hashlib.sha1(name.encode()).digest()
    inner = hashlib.sha1(f"{name}:{password}".encode()).digest()
    x = int.from_bytes(hashlib.sha1(salt + inner).digest(), "big")
    return spell(pow(g, x, prime)), spell(int.from_bytes(salt, "big"))


def users():
    """alice in a group of RFC 5054, mallory in one of her own."""
    odd = generator(ODD_PRIME)
    rows = [("I", spell(ODD_PRIME), spell(odd), "odd", "", ""),
            ("V", *verifier("alice", PASSWORD, KNOWN_PRIME, 2), "alice", "1024",
             ""),
            ("V", *verifier("mallory", PASSWORD, ODD_PRIME, odd), "mallory",
             "odd", "")]
    return "".join("\t".join(row) + "\n" for row in rows)


def owner():
    """Apache does not serve as root."""
    return f"#{os.getuid() or NOBODY}"


@contextlib.contextmanager
def apache(folder):
    """Yields the port where it speaks nothing but SRP."""
    with kept_ports(1) as (port,):
        (folder / "users").write_text(users())
        conf = folder / "httpd.conf"
        conf.write_text(CONF.format(folder=folder, port=port, modules=MODULES,
                                    pki=certificates(), user=owner()))
        process = subprocess.Popen(
            [PROGRAM, "-DFOREGROUND", "-f", str(conf)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            wait_for_port(port, process)
            yield port
        finally:
            end(process)
