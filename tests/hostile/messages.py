"""TLS as bytes: enough of RFC 5246 and 8446 to say it wrong."""

ALERT, HANDSHAKE, CHANGE_CIPHER = 21, 22, 20
SERVER_HELLO, CERTIFICATE, HELLO_REQUEST = 2, 11, 0
# What makes a ServerHello a HelloRetryRequest (RFC 8446 section 4.1.3).
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891"
                      "c2a211167abb8c5e079e09e2c8a8339c")
ECDHE_RSA_AES128_GCM, RSA_AES128_GCM = 0xc02f, 0x009c
AES128_GCM_SHA256 = 0x1301
SUPPORTED_VERSIONS, KEY_SHARE, ALPN = 43, 51, 16
P384 = 24


def sized(width, body):
    return len(body).to_bytes(width, "big") + body


def record(kind, body, version=0x0303):
    return bytes([kind]) + version.to_bytes(2, "big") + sized(2, body)


def records(kind, body, size=16384):
    return b"".join(record(kind, body[at:at + size])
                    for at in range(0, len(body), size))


def alert(number, level=2):
    return record(ALERT, bytes([level, number]))


def handshake(kind, body):
    return bytes([kind]) + sized(3, body)


def extension(kind, body):
    return kind.to_bytes(2, "big") + sized(2, body)


# Without it there is no TLS 1.2 (RFC 5746 section 3.4).
RENEGOTIATION_INFO = extension(0xff01, b"\0")


def server_hello(version=0x0303, cipher=ECDHE_RSA_AES128_GCM, session=b"",
                 random=b"\x01" * 32, compression=0,
                 extensions=RENEGOTIATION_INFO):
    body = (version.to_bytes(2, "big") + random + sized(1, session)
            + cipher.to_bytes(2, "big") + bytes([compression])
            + sized(2, extensions))
    return record(HANDSHAKE, handshake(SERVER_HELLO, body))


def retry(hello, group=P384):
    """A HelloRetryRequest that asks for a share of a group."""
    return server_hello(
        cipher=AES128_GCM_SHA256, session=session_of(hello), random=RETRY,
        extensions=extension(SUPPORTED_VERSIONS, b"\x03\x04")
        + extension(KEY_SHARE, group.to_bytes(2, "big")))


def session_of(hello):
    """The session id of a record with a ClientHello, to be said back."""
    return hello[44:44 + hello[43]]


def certificate(*certs):
    """A Certificate of TLS 1.2, whatever is in it."""
    return handshake(CERTIFICATE,
                     sized(3, b"".join(sized(3, cert) for cert in certs)))
