"""Peers that misbehave, each a function of the connection it is given."""

import contextlib
import socket
import struct
import threading
import time

import messages

PATIENCE = 60  # seconds; whoever waits longer was forgotten


class Datagrams:
    """Says to each packet what "behave" makes of it, in a thread."""

    def __init__(self, behave):
        self.behave = behave
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.answer, daemon=True).start()

    def answer(self):
        with contextlib.suppress(OSError):
            while True:
                packet, who = self.socket.recvfrom(65536)
                for reply in self.behave(packet):
                    self.socket.sendto(reply, who)

    def close(self):
        self.socket.close()


def hear(peer):
    """The client's next record, whole."""
    head = exactly(peer, 5)
    return head + exactly(peer, int.from_bytes(head[3:], "big"))


def exactly(peer, size):
    data = b""
    while len(data) < size:
        more = peer.recv(size - len(data))
        if not more:
            raise OSError("the client has gone")
        data += more
    return data


def drain(peer):
    """To the client's end: a close with unread bytes would be a reset."""
    while peer.recv(65536):
        pass


def hang_up(peer):
    peer.shutdown(socket.SHUT_WR)
    drain(peer)


def reset(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))


# ---- one answer to the ClientHello, and what comes after it

def say(answer, after=hang_up):
    """"answer": bytes, or a function of the record with the ClientHello."""
    def behave(peer):
        hello = hear(peer)
        peer.sendall(answer(hello) if callable(answer) else answer)
        after(peer)
    return behave


def retry_twice(peer):
    hello = hear(peer)
    for _ in range(2):
        peer.sendall(messages.retry(hello))
        while hear(peer)[0] != messages.HANDSHAKE:
            pass
    drain(peer)


def endless(piece, first=b""):
    """The same again and again after the ClientHello."""
    def behave(peer):
        hear(peer)
        peer.sendall(first)
        while True:
            peer.sendall(piece)
    return behave


# ---- between the client and a real server

class Reset(OSError):
    """What a change raises to end in the rudest way."""


def relay(port, change):
    """"change" is given the server's records one by one and yields bytes."""
    def behave(client):
        with socket.create_connection(("127.0.0.1", port)) as server:
            back = threading.Thread(target=pump, args=(client, server))
            back.start()
            how = socket.SHUT_WR
            try:
                for piece in change(iter(lambda: hear(server), None)):
                    client.sendall(piece)
            except Reset:
                reset(client)
                how = socket.SHUT_RD
            except OSError:
                pass  # either has gone
            with contextlib.suppress(OSError):
                client.shutdown(how)
            # Not closed while another thread reads: its number gets a new use.
            back.join()
    return behave


def pump(client, server):
    """To the client's end, whatever becomes of the server."""
    with contextlib.suppress(OSError):
        while data := client.recv(65536):
            with contextlib.suppress(OSError):
                server.sendall(data)
    with contextlib.suppress(OSError):
        server.shutdown(socket.SHUT_WR)


def first(count, rest=0, rude=False):
    """Only so many records of the server, and so many bytes of the next."""
    def change(records):
        for _ in range(count):
            yield next(records)
        if rest:
            yield next(records)[:rest]
        if rude:
            raise Reset
    return change


def drip(seconds):
    """A byte at a time."""
    def change(records):
        for record in records:
            for at in range(len(record)):
                yield record[at:at + 1]
                time.sleep(seconds)
    return change


def fragments(size):
    """Each record of the handshake in clear as many small ones."""
    def change(records):
        for record in records:
            if record[0] != messages.HANDSHAKE:
                yield record
                break
            yield messages.records(record[0], record[5:], size)
        yield from records
    return change


def between(piece, count):
    """So many pieces before each record in clear."""
    def change(records):
        for record in records:
            if record[0] != messages.HANDSHAKE:
                yield record
                break
            yield piece * count + record
        yield from records
    return change


# ---- in clear: lines said, each after a line of the client

def script(*says, after=drain):
    def behave(peer):
        lines = peer.makefile("rb")
        for text in says:
            peer.sendall(text)
            lines.readline(65536)
        after(peer)
    return behave


def greet_on(piece):
    """Without end, and without being asked."""
    def behave(peer):
        while True:
            peer.sendall(piece)
    return behave


# ---- datagrams: what is said to a packet

def datagrams(*replies):
    return lambda packet: replies


def verify_on(packet):
    """HelloVerifyRequest (RFC 6347 section 4.2.1), for every hello."""
    body = b"\xfe\xff" + messages.sized(1, b"cookie")
    message = (b"\x03" + messages.sized(3, body)[:3] + packet[17:19]
               + b"\0\0\0" + len(body).to_bytes(3, "big") + body)
    return [b"\x16\xfe\xff" + packet[3:11] + messages.sized(2, message)]
