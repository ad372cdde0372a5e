"""The socket a server listens on: made in this process, handed to another one.

Rule: whoever holds it may accept. It closes, and those who wait in its queue are refused, only
when the last process that holds it has closed it or ended.
"""

from __future__ import annotations

import errno
import socket
import sys
from typing import Any

from asyncweb.errors import PortInUse, ServerError
from asyncweb.servers.address import unix_path
from asyncweb.servers.options import SocketOptions

NO_FILES_PAUSE_S = 0.05  # accept() fails while no descriptor is free; trying at once would spin
_FOR_US = socket.AI_PASSIVE  # no host means every address of this machine
NO_FILES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def listen(host: str, port: int, options: SocketOptions | None = None) -> socket.socket:
    """A socket that listens; port 0 lets the system choose. `host` may be "unix:/run/app.sock".

    "::" takes clients of IPv4 as well. Raises PortInUse when another program has the place,
    ServerError when it cannot be used.
    """
    options = options or SocketOptions()
    path = unix_path(host)
    if path is not None:
        from asyncweb.servers.unix import listen_unix  # loaded by those who have one

        return listen_unix(path, options)
    try:
        return _listen_tcp(host, port, options)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"port {port} on {host} is held by another program; stop that program, or let "
                "the system pick a free port with port=0"
            ) from None
        raise ServerError(
            f"cannot listen on {host}, port {port}: {error.strerror or error}"
        ) from None


def _listen_tcp(host: str, port: int, options: SocketOptions) -> socket.socket:
    family, address = _resolve(host, port)
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, host != "::")
        options.prepare(listener)
        listener.bind(address)
        listener.listen(options.backlog)
    except BaseException:
        listener.close()
        raise
    return listener


def _resolve(host: str, port: int) -> tuple[int, Any]:
    """The family and the address to bind; of a name that has both kinds, the IPv4 one."""
    name = host.encode() if host.isascii() else host  # bytes spare Python its tables of all scripts
    found = socket.getaddrinfo(name or None, port, type=socket.SOCK_STREAM, flags=_FOR_US)
    family, _, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    return family, address


def port_of(listener: socket.socket) -> int:
    """The port it listens on; 0 for a Unix socket, which has none."""
    name = listener.getsockname()
    return int(name[1]) if isinstance(name, tuple) else 0


def inherited(listener: socket.socket) -> tuple[int, ...]:
    """The descriptors a new process must be given to hold `listener`; Windows has another way."""
    return () if sys.platform == "win32" else (listener.fileno(),)


def pack(listener: socket.socket, pid: int) -> int | bytes:
    """`listener` as a value that process `pid` can unpack."""
    if sys.platform == "win32":
        return listener.share(pid)
    return listener.fileno()


def unpack(packed: int | bytes) -> socket.socket:
    """The listener that another process has packed for this one."""
    if sys.platform == "win32":
        assert isinstance(packed, bytes)
        return socket.fromshare(packed)
    assert isinstance(packed, int)
    return socket.socket(fileno=packed)
