"""The socket a server listens on: made in this process, handed to another one.

Rule: whoever holds it may accept. It closes, and those who wait in its queue are refused, only
when the last process that holds it has closed it or ended.
"""

from __future__ import annotations

import errno
import socket
import sys

from asyncweb.errors import PortInUse, ServerError

BACKLOG = 4096
# What the kernel holds for a client that does not read; its own idea is several MB. It tells us of
# progress when a third is free, so this is also how slow a reader can be seen to read at all.
SEND_BUFFER_BYTES = 128 * 1024
NO_FILES_PAUSE_S = 0.05  # accept() fails while no descriptor is free; trying at once would spin
NO_FILES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 lets the system choose.

    Raises PortInUse when another program has it, ServerError when the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"port {port} on {host} is held by another program; stop that program, or let "
                "the system pick a free port with port=0"
            ) from None
        raise ServerError(
            f"cannot listen on {host}, port {port}: {error.strerror or error}"
        ) from None
    return listener


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
