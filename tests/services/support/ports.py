"""Ports for servers, and whether somebody answers there."""

import errno
import random
import socket

# More addresses of the loopback network, for servers that listen on several.
LOOPBACKS = ("127.0.0.1", "127.1.2.3", "127.20.30.40", "127.255.255.254")

# Below the ephemeral range, so that no connection takes one in between.
FIRST, LAST = 10240, 32000

_given = set()


def socket_for(address):
    if ":" not in address:
        return socket.socket(socket.AF_INET)
    opened = socket.socket(socket.AF_INET6)
    opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return opened


def _in_use(address, port):
    """Nobody listens on IPv6 where there is none."""
    try:
        with socket_for(address) as probe:
            probe.bind((address, port))
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False


def take():
    """A port that is free on every address, each only once in a run."""
    while True:
        port = random.randrange(FIRST, LAST)
        if port in _given or _in_use("0.0.0.0", port) or _in_use("::", port):
            continue
        _given.add(port)
        return port


def answers(address, port):
    """Whether somebody accepts connections there."""
    with socket_for(address) as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0
