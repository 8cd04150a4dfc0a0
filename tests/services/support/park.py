"""The servers of this run: each is started when it is first asked for."""

import pathlib
import shutil
import tempfile

from fleet.place import certificates
from support import base

_home = None
_started = {}


def _start(kind, tls):
    global _home
    if _home is None:
        # Not below build/: accounts of servers must be able to come here.
        _home = pathlib.Path(tempfile.mkdtemp(prefix="tlsfleet-services-"))
        _home.chmod(0o755)
    folder = certificates()
    pki = base.Pki(folder / "root.pem", folder / "server.chain.pem",
                   folder / "server.key")
    name = f"{kind.__name__.lower()}-{'on' if tls else 'off'}"
    server = kind(_home / name, pki, tls)
    try:
        server.start()
    except BaseException:
        server.stop()
        raise
    return server


def server(kind, tls=True):
    """The running instance.  Raises base.Missing or base.Failed, the same
    each time."""
    if (kind, tls) not in _started:
        try:
            _started[kind, tls] = _start(kind, tls)
        except (base.Missing, base.Failed) as reason:
            _started[kind, tls] = reason
    found = _started[kind, tls]
    if isinstance(found, Exception):
        raise found
    return found


def close():
    """Ends every server and removes what they wrote."""
    for found in _started.values():
        if isinstance(found, base.Server):
            found.stop()
    _started.clear()
    if _home:
        shutil.rmtree(_home)
