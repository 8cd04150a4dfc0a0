"""The table: what a peer does, and the record that must come of it."""

import socket

import messages
import peers
from certs import (COMMENT, COMMON_NAME, ORGANISATION, SCT_LIST, alt_names,
                   extension, name, odd_key, rsa_key, tlv)
from messages import HANDSHAKE, alert, record, records, server_hello

# Nobody waits so long on a machine that is not broken.
PATIENT = {"connect_timeout": 60, "handshake_timeout": 60, "deadline": 90,
           "retries": 0}
NEVER = {"deadline": 3}
# What is told at the end only, once something has been heard.
IN_THE_END = {"deadline": 10}
TLS12 = {"tls1_2": True}


class Row:
    """"start" is given the stage and yields a port (in a with statement);
    "words" are options of the target, "fields" what the record must say."""

    def __init__(self, what, start, words=None, **fields):
        self.what, self.start = what, start
        self.words = {**PATIENT, **(words or {})}
        self.fields = fields


# ---- ways to start a peer

def peer(behave, kind=socket.SOCK_STREAM):
    return lambda stage: stage.peer(behave, kind)


def relay(change):
    return lambda stage: stage.peer(
        peers.relay(stage.peerd("tls"), change), socket.SOCK_STREAM)


def peerd(kind):
    return lambda stage: stage.peerd(kind)


def s_server(*words, **how):
    return lambda stage: stage.s_server(*words, **how)


def made(file, *what, **how):
    """s_server with a certificate made by hand."""
    return lambda stage: stage.s_server(
        made=stage.maker.pem(file, *what, **how))


# ---- how it ends

def failed(code, stage="handshake", **more):
    return {"status": "failed", "stage": stage, "code": code, **more}


def late(stage="handshake", code="deadline"):
    return {"status": "timeout", "stage": stage, "code": code}


def fine(**more):
    return {"status": "ok", "stage": "done", "code": "none", **more}


def broken(reason):
    """A rule of TLS, in OpenSSL's words."""
    return failed("tls_protocol",
                  error=f"OpenSSL ended the handshake: {reason}")


ENDLESS = failed("tls_protocol",
                 error="the peer sends without end during the handshake")
CLOSED = failed("closed")
RESET = failed("reset")


def rows_of_silence():
    yield Row("accepts and says nothing", peerd("silent"), NEVER, **late())
    yield Row("does not accept", peerd("full"), NEVER, **late("connect"))
    yield Row("closes at once", peerd("close"), **CLOSED)
    yield Row("resets at once", peerd("reset"), **RESET)
    yield Row("one byte a second", peerd("trickle"), NEVER, **late())
    yield Row("drips its handshake too slowly", relay(peers.drip(0.2)), NEVER,
              **late())
    yield Row("drips its handshake quickly", relay(peers.drip(0)), TLS12,
              **fine(verified="yes"))
    for count in range(4):
        for rest in (0, 3, 7):
            yield Row(f"ends after {count} records and {rest} bytes",
                      relay(peers.first(count, rest)), TLS12, **CLOSED)
        yield Row(f"resets after {count} records",
                  relay(peers.first(count, 2, rude=True)), TLS12, **RESET)
    for count in range(5):
        yield Row(f"ends TLS 1.3 after {count} records",
                  relay(peers.first(count)), {"tls1_3": True}, **CLOSED)


def rows_of_other_protocols():
    yield Row("HTTP in clear", peerd("http"), **failed("not_tls"))
    yield Row("garbage", peerd("garbage"), **failed("not_tls"))
    yield Row("a greeting without end", peerd("endless"), **failed("not_tls"))
    yield Row("SSH", peer(peers.say(b"SSH-2.0-\x1b]0;x\x07\r\n")),
              **failed("not_tls"))
    yield Row("an escape sequence",
              peer(peers.say(b"\x1b[2J\x1b]0;owned\x07" * 9)),
              **failed("not_tls"))


def rows_of_records():
    oversized = bytes([HANDSHAKE, 3, 3]) + messages.sized(2, b"\0" * 0x5000)
    yield Row("an oversized record", peer(peers.say(oversized)),
              **broken("packet length too long"))
    yield Row("empty records without end",
              peer(peers.endless(record(HANDSHAKE, b""))),
              **broken("record too small"))
    yield Row("a record of no known type", peer(peers.say(record(99, b"x"))),
              **failed("not_tls"))
    yield Row("data before the handshake",
              peer(peers.say(record(23, b"x" * 99))),
              **broken("unexpected message"))
    yield Row("change_cipher_spec without end", peerd("ccs"),
              **broken("unexpected message"))
    yield Row("warning alerts without end", peerd("warnings"),
              **broken("too many warn alerts"))
    yield Row("the handshake in one-byte records",
              relay(peers.fragments(1)), TLS12, **fine(verified="yes"))
    yield Row("empty records between the others",
              relay(peers.between(record(HANDSHAKE, b""), 2)), TLS12,
              **fine(verified="yes"))
    yield Row("a message of 16 MiB", peer(peers.endless(
        record(HANDSHAKE, b"\0" * 16384),
        record(HANDSHAKE, b"\x02\xff\xff\xff"))),
              **broken("excessive message size"))
    yield Row("a message that never ends, a byte at a time",
              peer(peers.endless(record(HANDSHAKE, b"\0"),
                                 record(HANDSHAKE, b"\x02\x00\x40\x00"))),
              **broken("bad length"))


def rows_of_hellos():
    for version in (0x0200, 0x0300, 0x0305, 0x0404, 0xfeff):
        yield Row(f"a ServerHello of version {version:04x}",
                  peer(peers.say(server_hello(version))),
                  **broken("unsupported protocol"))
    yield Row("a version that was not offered",
              peer(peers.say(server_hello(0x0301))),
              {"min_protocol": "TLSv1.2"},
              **broken("unsupported protocol"))
    yield Row("a cipher that does not exist",
              peer(peers.say(server_hello(cipher=0x1234))),
              **broken("unknown cipher returned"))
    yield Row("a cipher that was not offered",
              peer(peers.say(server_hello(cipher=0x0005))),
              **broken("unknown cipher returned"))
    yield Row("a compression that was not offered",
              peer(peers.say(server_hello(compression=1))),
              **broken("compression disabled"))
    alpn = messages.extension(messages.ALPN, messages.sized(2, b"\x02h2"))
    yield Row("ALPN that was not offered", peer(peers.say(server_hello(
        extensions=messages.RENEGOTIATION_INFO + alpn))),
        **broken("unsolicited extension"))
    yield Row("an extension twice",
              peer(peers.say(server_hello(
                  extensions=messages.extension(23, b"") * 2))),
                  **broken("bad extension"))
    yield Row("a ServerHello that ends early",
              peer(peers.say(record(HANDSHAKE, b"\x02\0\0\x05\3\3abc"))),
              **broken("length mismatch"))
    yield Row("two HelloRetryRequests", peer(peers.retry_twice),
              {"groups": "X25519:P-384"}, **broken("unexpected message"))
    yield Row("a retry for a group that was not offered",
              peer(peers.say(lambda hello: messages.retry(hello, 0x1234))),
              **broken("bad key share"))
    yield Row("HelloRequests without end", peer(peers.endless(
        record(HANDSHAKE, messages.handshake(messages.HELLO_REQUEST, b"")))),
        **ENDLESS)


# By OpenSSL's names (RFC 8446 section 6 and the older RFCs).
ALERTS = {
    10: "unexpected_message",
    20: "bad record mac",
    21: "decryption failed",
    22: "record overflow",
    30: "decompression failure",
    40: "handshake failure",
    41: "no certificate",
    42: "bad certificate",
    43: "unsupported certificate",
    44: "certificate revoked",
    45: "certificate expired",
    46: "certificate unknown",
    47: "illegal parameter",
    48: "unknown CA",
    49: "access denied",
    50: "decode error",
    51: "decrypt error",
    60: "export restriction",
    70: "protocol version",
    71: "insufficient security",
    80: "internal error",
    86: "inappropriate fallback",
    109: "missing extension",
    110: "unsupported extension",
    111: "certificate unobtainable",
    112: "unrecognized name",
    113: "bad certificate status response",
    114: "bad certificate hash value",
    115: "unknown PSK identity",
    116: "certificate required",
    120: "no application protocol",
    255: "unknown",
}


def rows_of_alerts():
    for number, what in ALERTS.items():
        yield Row(f"alert {number}", peer(peers.say(alert(number))),
                  **failed("tls_alert", error="the peer ended the handshake "
                           f"with alert {number} ({what})"))
    yield Row("close_notify", peer(peers.say(alert(0, 1))), **CLOSED)
    yield Row("an alert of no level", peer(peers.say(alert(40, 9))),
              **broken("unknown alert type"))
    yield Row("an alert of three bytes",
              peer(peers.say(record(21, b"\x02\x28\x00"))),
              **broken("invalid alert"))


def rows_of_chains():
    hello = server_hello()

    def chain(*certs):
        return peer(peers.say(hello + records(
            HANDSHAKE, messages.certificate(*certs))))

    yield Row("a chain of 10,000 certificates",
              chain(*[b"\x30\x82\x01\x00" + b"\0" * 256] * 10000), TLS12,
              **broken("excessive message size"))
    yield Row("a certificate that is none", chain(b"\x30\x03\x02\x01\x01"),
              TLS12, **broken("wrong tag"))
    yield Row("a certificate of no bytes", chain(b""), TLS12,
              **broken("too small"))
    yield Row("no certificate", chain(), TLS12, **broken("length mismatch"))
    yield Row("lengths that lie", peer(peers.say(hello + record(
        HANDSHAKE, messages.handshake(11, b"\xff\xff\xff\xff\xff\xff")))),
        TLS12, **broken("length mismatch"))


# What is in a name, and how a list of names shows it.
ODD_TEXTS = {
    "an escape sequence": (b"a\x1b]0;owned\x07\x1b[31mb",
                           r"a\x1B]0;owned\x07\x1B[31mb"),
    "line ends": (b"a\r\nok www.example.com\n",
                  r"a\x0D\x0Aok www.example.com\x0A"),
    "NUL": (b"a.demo.test\0.evil.test", r"a.demo.test\x00.evil.test"),
    "bidi": ("a\u202egnp.exe\u2066b\u200f".encode(),
             r"a\xE2\x80\xAEgnp.exe\xE2\x81\xA6b\xE2\x80\x8F"),
    "C1": (b"a\xc2\x9b31mb\xc2\x85", r"a\xC2\x9B31mb\xC2\x85"),
    "invalid UTF-8": (b"a\xff\xfe\xc0\xaf\xed\xa0\x80b",
                      r"a\xFF\xFE\xC0\xAF\xED\xA0\x80b"),
    "a formula": (b"=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    "another formula": (b"@SUM(1+1)*cmd|' /C calc'!A0",
                        "@SUM(1+1)*cmd|' /C calc'!A0"),
    "quotes": (b"a\",\"b','c;d\\e%s%n", "a\",\"b','c;d\\\\e%s%n"),
    "12 KiB": (b"x" * 12288, "x" * 12288),
}


def rows_of_certificates():
    for number, (what, (text, shown)) in enumerate(ODD_TEXTS.items()):
        yield Row(f"names with {what}", made(
            f"odd{number}.pem", name((ORGANISATION, text),
                                     (COMMON_NAME, text)),
            alt_names(text, b"b.demo.test"),
            extension(COMMENT, tlv(0x16, text))),
            **fine(verified="no", name_match="no", chain_length="1",
                   san=f"DNS:{shown}; DNS:b.demo.test"))
    yield Row("2,000 names", made(
        "names.pem", name((COMMON_NAME, b"many")),
        alt_names(*(b"host%d.demo.test" % n for n in range(2000)))),
        **fine(verified="no", verify_code="18"))
    yield Row("10,000 names", made(
        "more.pem", name((COMMON_NAME, b"more")),
        alt_names(*(b"host%d.demo.test" % n for n in range(10000)))),
              **broken("excessive message size"))
    yield Row("a name of 100 KiB", made(
        "long.pem", name((COMMON_NAME, b"x" * 102400))),
              **broken("excessive message size"))
    yield Row("SCTs that are garbage", made(
        "sct.pem", name((COMMON_NAME, b"sct")),
        extension(SCT_LIST, tlv(4, b"\0\x05hello"))),
        **fine(verified="no", verify_code="18", sct_count="not_asked"))
    yield Row("dates that are none", made(
        "dates.pem", name((COMMON_NAME, b"dates")),
        dates=(b"20209999999999Z", b"\x1b[31m")),
        **fine(verified="no", days_left=""))


# How a key is made, and what the record calls it.
KEYS = {
    "RSA 512": ("rsa:512", {"key_type": "RSA", "key_bits": "512"}),
    "DSA": ("dsa", {"key_type": "DSA", "key_bits": "2048"}),
    "Ed25519": ("ed25519", {"key_type": "ED25519"}),
    "Ed448": ("ed448", {"key_type": "ED448"}),
    "brainpool": ("ec:brainpoolP256r1", {"key_type": "EC", "key_bits": "256"}),
    "secp521r1": ("ec:secp521r1", {"key_type": "EC", "key_bits": "521"}),
}
LAX = {"cipher": "ALL:!aNULL:@SECLEVEL=0",
       "groups": "P-256:P-521:X25519:brainpoolP256r1",
       "sigalgs": "RSA+SHA1:RSA+SHA256:DSA+SHA256:"
       "ECDSA+SHA256:ed25519:ed448:ECDSA+SHA512", **TLS12}


def rows_of_keys():
    for what, (kind, fields) in KEYS.items():
        yield Row(f"a key of {what}", lambda stage, kind=kind: stage.s_server(
            "-cipher", "ALL:@SECLEVEL=0", "-groups", LAX["groups"],
            "-tls1_2", key=kind), LAX,
            **fine(verified="no", **fields))


def rows_of_keys_nobody_has():
    """Nobody finishes: the peer has no such key."""
    done = record(HANDSHAKE, messages.handshake(14, b""))

    def chain(public):
        def start(stage):
            der = stage.maker.der(name((COMMON_NAME, b"odd")), public=public)
            return stage.peer(peers.say(
                server_hello(cipher=messages.RSA_AES128_GCM)
                + records(HANDSHAKE, messages.certificate(der)) + done))
        return start

    yield Row("a key of RSA 16384", chain(rsa_key(16384)), TLS12, **CLOSED)
    yield Row("a key of RSA 20000", chain(rsa_key(20000)), TLS12,
              **broken("modulus too large"))
    yield Row("a key of no known kind", chain(odd_key()), TLS12,
              **broken("decode error"))


def rows_after_the_handshake():
    for kind in ("flood", "tickets", "keyupdates", "renegotiations"):
        yield Row(f"{kind} without end", peerd(kind), **fine(verified="yes"))
    yield Row("authorities with escape sequences",
              lambda stage: stage.s_server(
        "-verify", "1", "-CAfile", stage.maker.pem(
            "authority.pem", name((COMMON_NAME, ODD_TEXTS["line ends"][0]),
                                  (ORGANISATION, b"\x1b[31m" * 2000)))),
        **fine(verified="yes", client_cert_requested="yes"))
    yield Row("a stapled answer of somebody else", s_server(
        "-status_file", "server.forged.ocsp"), {"status": True},
        **fine(verified="yes", ocsp="invalid"))


# Protocol: what a good server says up to its last word before TLS.
DIALOGUES = {
    "smtp": (b"220 a\r\n", b"250-a\r\n250 STARTTLS\r\n", b"220 go\r\n"),
    "lmtp": (b"220 a\r\n", b"250-a\r\n250 STARTTLS\r\n", b"220 go\r\n"),
    "ftp": (b"220 a\r\n", b"234 go\r\n"),
    "pop3": (b"+OK a\r\n", b"+OK go\r\n"),
    "nntp": (b"200 a\r\n", b"101 a\r\nSTARTTLS\r\n.\r\n", b"382 go\r\n"),
    "sieve": (b"\"STARTTLS\"\r\nOK\r\n", b"OK go\r\n"),
}
STARTTLS = {"stage": "starttls"}


def rows_of_starttls():
    for protocol, says in DIALOGUES.items():
        words = {"starttls": protocol}
        yield Row(f"{protocol}: more in clear after the last word", peer(
            peers.script(*says[:-1], says[-1] + b"250 injected\r\n")), words,
            **failed("starttls_injected", **STARTTLS))
        yield Row(f"{protocol}: a line without end", peer(
            peers.greet_on(b"a" * 4096)), words,
            **failed("starttls_too_long", **STARTTLS))
        yield Row(f"{protocol}: silence", peerd("silent"),
                  {**NEVER, **words}, **late("starttls"))
        yield Row(f"{protocol}: an end", peerd("close"), words,
                  **failed("closed", **STARTTLS))
    smtp = {"starttls": "smtp"}
    yield Row("smtp: greetings without end", peerd("endless"), smtp,
              **failed("starttls_too_long", **STARTTLS))
    yield Row("smtp: STARTTLS is neither offered nor taken", peer(
        peers.script(b"220 a\r\n", b"250 a\r\n", b"502 no\r\n")), smtp,
        **failed("starttls_refused", **STARTTLS))
    yield Row("smtp: a refusal with an escape sequence", peer(peers.script(
        b"220 a\r\n", b"250-a\r\n250 STARTTLS\r\n",
        b"454 \x1b]0;owned\x07\x9b31m no\r\n")), smtp,
        **failed("starttls_refused", **STARTTLS))
    yield Row("smtp: HTTP", peer(peers.script(b"HTTP/1.1 400 no\r\n\r\n")),
              smtp, **failed("starttls_malformed", **STARTTLS))
    yield Row("postgres: more than its one byte", peer(
        lambda p: (peers.exactly(p, 8), p.sendall(b"SE"), peers.drain(p))),
        {"starttls": "postgres"}, **failed("starttls_injected", **STARTTLS))
    yield Row("postgres: neither yes nor no", peer(
        lambda p: (peers.exactly(p, 8), p.sendall(b"\x1b"), peers.drain(p))),
        {"starttls": "postgres"}, **failed("starttls_malformed", **STARTTLS))
    mysql, ldap = {"starttls": "mysql"}, {"starttls": "ldap"}
    yield Row("mysql: packets of 16 MiB", peer(
        peers.greet_on(b"\xff\xff\xff\0" + b"\x0a" * 4096)), mysql,
        **failed("starttls_too_long", **STARTTLS))
    yield Row("mysql: a refusal", peer(peers.script(
        b"\x17\0\0\0\xff\x69\x04Host '\x1b[31m' is bad.")), mysql,
        **failed("starttls_refused", **STARTTLS))
    yield Row("ldap: an answer of 4 GiB", peer(
        peers.greet_on(b"\x30\x84\xff\xff\xff\xff")), ldap,
        **failed("starttls_too_long", **STARTTLS))
    yield Row("ldap: an escape sequence", peer(
        peers.greet_on(b"\x1b]0;owned\x07")), ldap,
        **failed("starttls_malformed", **STARTTLS))
    yield Row("xmpp: tags without end", peer(peers.greet_on(b"<a>" * 999)),
              {"starttls": "xmpp"}, **failed("starttls_too_long", **STARTTLS))


def rows_of_proxies():
    words = {"proxy": "127.0.0.1:{port}"}
    stage = {"stage": "proxy"}

    def answer(text, after=peers.hang_up):
        return peer(peers.script(text, after=after))

    yield Row("a proxy that is silent", peerd("silent"), {**NEVER, **words},
              **late("proxy"))
    yield Row("a proxy that closes", peerd("close"), words,
              **failed("closed", **stage))
    yield Row("a proxy that refuses with an escape sequence",
              answer(b"HTTP/1.1 403 \x1b]0;owned\x07\x9b31m\r\n\r\n"), words,
              **failed("proxy_refused", **stage))
    yield Row("a proxy with headers without end",
              peer(peers.greet_on(b"HTTP/1.1 200 ok\r\n" + b"a: b\r\n" * 99)),
              words, **failed("proxy_protocol", **stage))
    yield Row("a proxy that speaks no HTTP", answer(b"SSH-2.0-x\r\n"), words,
              **failed("proxy_protocol", **stage))
    yield Row("a proxy that says more than it should",
              answer(b"HTTP/1.1 200 ok\r\n\r\nHTTP/1.1 500 no\r\n\r\n"),
              words, **failed("starttls_injected", **stage))


def rows_of_datagrams():
    udp, words = socket.SOCK_DGRAM, {"dtls": True}
    yield Row("DTLS: garbage", peer(peers.datagrams(b"\x1b[31m garbage"), udp),
              {**words, **IN_THE_END}, **failed("not_tls"))
    yield Row("DTLS: nothing", peer(peers.datagrams(), udp),
              {**words, **NEVER}, **late())
    yield Row("DTLS: a hello to verify without end",
              peer(peers.verify_on, udp), words, **ENDLESS)
    # To OpenSSL it is the end of a stream.
    yield Row("DTLS: an empty datagram", peer(peers.datagrams(b""), udp),
              words, **CLOSED)


def all_rows():
    for kind in (rows_of_silence, rows_of_other_protocols, rows_of_records,
                 rows_of_hellos, rows_of_alerts, rows_of_chains,
                 rows_of_certificates, rows_of_keys, rows_of_keys_nobody_has,
                 rows_after_the_handshake,
                 rows_of_starttls, rows_of_proxies, rows_of_datagrams):
        yield from kind()
