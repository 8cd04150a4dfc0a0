"""Certificates that no authority would make: DER by hand."""

import ssl
import subprocess

INTEGER, BIT_STRING, OCTETS, OID, UTF8, T61, SEQUENCE, SET, TIME = (
    2, 3, 4, 6, 12, 20, 0x30, 0x31, 0x18)
SHA256_ECDSA = bytes.fromhex("300a06082a8648ce3d040302")
COMMON_NAME, ORGANISATION = b"\x55\x04\x03", b"\x55\x04\x0a"
SUBJECT_ALT_NAME = b"\x55\x1d\x11"
COMMENT = bytes.fromhex("6086480186f842010d")
SCT_LIST = bytes.fromhex("2b06010401d679020402")


def tlv(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    width = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | width]) + size.to_bytes(width, "big") + body


def string(text):
    """OpenSSL reads no UTF8String that is none, but any T61String."""
    try:
        text.decode()
        return tlv(UTF8, text)
    except UnicodeDecodeError:
        return tlv(T61, text)


def name(*parts):
    """(type, text) pairs, with any bytes for a text."""
    return tlv(SEQUENCE, *(
        tlv(SET, tlv(SEQUENCE, tlv(OID, kind), string(text)))
        for kind, text in parts))


def extension(kind, body):
    return tlv(SEQUENCE, tlv(OID, kind), tlv(OCTETS, body))


def alt_names(*names):
    return extension(SUBJECT_ALT_NAME,
                     tlv(SEQUENCE, *(tlv(0x82, one) for one in names)))


def key(algorithm, body):
    """A SubjectPublicKeyInfo."""
    return tlv(SEQUENCE, tlv(SEQUENCE, tlv(OID, algorithm), b"\x05\0"),
               tlv(BIT_STRING, b"\0", body))


def rsa_key(bits):
    modulus = b"\0" + b"\xff" * (bits // 8 - 1) + b"\x01"
    return key(bytes.fromhex("2a864886f70d010101"),
               tlv(SEQUENCE, tlv(INTEGER, modulus), b"\x02\x03\x01\0\x01"))


def odd_key():
    return key(b"\x2a\x03\x04\x05", b"\x1b[31m")


class Maker:
    """Signs certificates for one key with that key."""

    def __init__(self, folder, key):
        self.folder, self.key = folder, key
        self.public = self.openssl("pkey", "-pubout", "-outform", "DER")

    def openssl(self, command, *words, input=b""):
        key = ["-sign", self.key] if command == "dgst" else ["-in", self.key]
        return subprocess.run(["openssl", command, *words, *map(str, key)],
                              input=input, check=True,
                              capture_output=True).stdout

    def der(self, subject, *extensions, public=None,
            dates=(b"20200101000000Z", b"20491231235959Z")):
        body = tlv(SEQUENCE, tlv(0xa0, b"\x02\x01\x02"), b"\x02\x01\x07",
                   SHA256_ECDSA, subject,
                   tlv(SEQUENCE, *(tlv(TIME, date) for date in dates)),
                   subject, public or self.public,
                   tlv(0xa3, tlv(SEQUENCE, *extensions)))
        signature = self.openssl("dgst", "-sha256", input=body)
        return tlv(SEQUENCE, body, SHA256_ECDSA,
                   tlv(BIT_STRING, b"\0", signature))

    def pem(self, file, *what, **how):
        """The path of a PEM file with such a certificate."""
        path = self.folder / file
        path.write_text(ssl.DER_cert_to_PEM_cert(self.der(*what, **how)))
        return path
