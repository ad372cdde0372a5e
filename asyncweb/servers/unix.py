"""Unix sockets: a file is the door, and who may write to it may come in.

Rule: the file goes when nobody listens behind it any more, and never while somebody does.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import sys

from asyncweb.errors import PortInUse, ServerError
from asyncweb.servers.options import SocketOptions

KNOCK_S = 1.0


def listen_unix(path: str, options: SocketOptions) -> socket.socket:
    """A socket that listens behind the file `path`.

    A file that a server left when it was killed is removed. Raises PortInUse when somebody listens
    there, ServerError when the file cannot be made.
    """
    if not hasattr(socket, "AF_UNIX") or sys.platform == "win32":
        raise ServerError(
            "this system's Python has no Unix sockets; give a host and a port, such as "
            "host='127.0.0.1', port=8000"
        )
    _make_room(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        options.prepare(listener)
        listener.bind(path)
        os.chmod(path, options.unix_mode)  # before it listens: until then nobody can come in
        listener.listen(options.backlog)
    except OSError as error:
        listener.close()
        raise ServerError(f"cannot listen on unix:{path}: {error.strerror or error}") from None
    return listener


def _make_room(path: str) -> None:
    """Removes a socket's file behind which nobody listens."""
    try:
        kind = os.lstat(path).st_mode
    except OSError:
        return  # nothing is there, or bind will tell what is wrong
    if not stat.S_ISSOCK(kind):
        raise ServerError(f"cannot listen on unix:{path}: there is a file, and it is no socket")
    if _somebody_listens(path):
        raise PortInUse(
            f"unix:{path} is held by another program; stop that program, or listen elsewhere"
        )
    with contextlib.suppress(OSError):
        os.unlink(path)


def _somebody_listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(KNOCK_S)
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return False
        except OSError:
            return os.path.lexists(path)  # its queue is full, or it is not for us to knock
    return True


class SocketFile:
    """The file of a socket that listens; `remove` removes that very file, and no other's."""

    def __init__(self, path: str):
        self._path = path
        self._identity = _identity(path)

    def remove(self) -> None:
        """To be called while the socket still listens: nobody can have taken the place then."""
        if self._identity is not None and _identity(self._path) == self._identity:
            with contextlib.suppress(OSError):
                os.unlink(self._path)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
