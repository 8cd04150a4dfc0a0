"""What varies from run to run, taken out of one stream of a client."""

import re

QUEUE = re.compile(r"[0-9A-F]{8,16}:error:([0-9A-F]{8}):([^:]*):[^:]*:([^:]*):"
                   r"[^:]*:\d+:(.*)$")
# When a call had to wait, or a ticket came, is a matter of timing.
TIMING = re.compile(r"(?:(?:read|write) [RWAX] BLOCK|TIMEOUT occurred)$")
OURS = re.compile(r"^tlsfleet: .*\n", re.M)
DUMP = re.compile(r" *[0-9a-f]{4,8} - [0-9a-f]{2}[ -]|   (?: [0-9a-f]{2})+$"
                  r"| *[0-9A-F]{40,}$")
READ = re.compile(r"read from PTR \[PTR\] \(N bytes\)$")
TICKETS = re.compile(r"(?:---\nPost-Handshake New Session Ticket arrived:\n"
                     r"SSL-Session:\n(?:.*\n)*?---\n)+")


def hexadecimal(match):
    return f"{match[1]}HEX{len(match[2])}"


RULES = [(re.compile(pattern), to) for pattern, to in (
    (r"^CONNECTED\([0-9A-F]{8}\)", "CONNECTED(FD)"),
    (r"gmt_unix_time=0x[0-9A-Fa-f]+", "gmt_unix_time=TIME"),
    (r"\b0x[0-9a-f]{6,16}\b", "PTR"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
    (r"\[::1\]:\d+", "[::1]:PORT"),
    (r"^(    Session-ID: )([0-9A-F]*)$", hexadecimal),
    (r"^(    Master-Key: )([0-9A-F]*)$", hexadecimal),
    (r"^(    Resumption PSK: )([0-9A-F]*)$", hexadecimal),
    (r"^(    Keying material: )([0-9A-F]*)$", hexadecimal),
    (r"^(    Start Time: )\d+", r"\1TIME"),
    (r"(random_bytes \(len=28\): )[0-9A-F]+", r"\1HEX"),
    (r"(session_id \(len=\d+\): ?)[0-9A-F]*", r"\1HEX"),
    (r"((?:key_exchange|ticket_age_add|ticket_nonce|Signature|ecdh_Yc|dh_Yc"
     r"|dh_Ys|point|verify_data|ticket|psk|binder|age)[^:=]*(?:\(len=\d+\))?"
     r"[:=] ?)[0-9A-Fa-f]{4,}", r"\1HEX"),
    (r"(\(len=\d+\): ?)[0-9A-F]{8,}$", r"\1HEX"),
    # Signatures of elliptic curves and the port vary in length.
    (r"^(SSL handshake has read )\d+( bytes and written )\d+", r"\1N\2N"),
    (r"\[length [0-9a-f]{4}\]", "[length N]"),
    (r"\(\d+ bytes => -?\d+( \(0x[0-9A-F]+\))?\)", "(N bytes)"),
    (r", Length=\d+", ", Length=N"),
    (r"(extensions, length = )\d+", r"\1N"),
    (r"^(  Length = )\d+", r"\1N"),
    (r"\(len=\d+\)", "(len=N)"),
)]


def lines_of(text, folder):
    """The lines of a stream, each value that varies under one name."""
    kept = []
    dumping = False
    for line in text.replace("\r", "").replace(folder, "WORK").split("\n"):
        queue = QUEUE.match(line)
        if queue:
            kept.append("ERR:%s:%s:%s:%s" % queue.groups())
            continue
        if TIMING.match(line):
            continue
        if DUMP.match(line):
            if not dumping:
                kept.append("DUMP")
            dumping = True
            # In how many pieces something came is a matter of timing, too.
            if kept[-4:-2] == kept[-2:] and READ.match(kept[-2]):
                del kept[-2:]
            continue
        dumping = False
        for pattern, to in RULES:
            line = pattern.sub(to, line)
        # What these leave in errno is what was there before.
        if kept and kept[-1].startswith(("ERR:10080002", "Can't bind ")):
            line = re.sub(r"^(connect:errno=)\d+", r"\1N", line)
        kept.append(line)
    return kept


def stream(data, folder, ours=False):
    """Normalised text; of tlsfleet without the sentences that it adds."""
    text = data.decode("latin1")
    if ours:
        text = OURS.sub("", text)
    return TICKETS.sub("", "\n".join(lines_of(text, folder)))


def file(data):
    """A file that a client wrote: its shape, without remarks."""
    if b"\0" in data:
        return f"{len(data)} bytes"
    text = re.sub(r"\b[0-9a-fA-F]{32,}\b",
                  lambda m: f"HEX{len(m[0])}", data.decode("latin1"))
    text = re.sub(r"(?m)^[A-Za-z0-9+/=]{20,}$\n?", "", text)
    return "\n".join(line for line in lines_of(text, "\0")
                     if not line.startswith("#"))
