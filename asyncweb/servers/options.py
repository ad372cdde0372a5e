"""How the kernel treats a server's sockets.

Rule: all of it is set on the listener. Whoever is accepted there has inherited it, at no cost.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
from dataclasses import dataclass, fields
from typing import Any

from asyncweb.errors import ServerError

# What the kernel holds for a client that does not read; its own idea is several MB. It tells us of
# progress when a third is free, so this is also how slow a reader can be seen to read at all.
SEND_BUFFER_BYTES = 128 * 1024
BACKLOG = 4096
_RANGES = {
    "backlog": (1, 65_535),
    "linger_s": (0, 3_600),
    "ttl": (1, 255),
    "probe_after_s": (1, 32_767),
    "probe_every_s": (1, 32_767),
    "probes": (1, 127),
    "send_buffer_bytes": (1, 2**30),
    "receive_buffer_bytes": (1, 2**30),
    "unix_mode": (0, 0o777),
}


@dataclass(frozen=True, slots=True)
class SocketOptions:
    """What a server asks of the kernel for its sockets; None leaves it to the kernel.

    What speaks of TCP or IP (nodelay, ttl, probes) means nothing to a Unix socket.

    >>> SocketOptions(ttl=64, linger_s=0).ttl
    64
    """

    backlog: int = BACKLOG  # clients that may wait to be accepted
    nodelay: bool = True  # False: small pieces wait for each other (Nagle's algorithm)
    # At a close: wait so many seconds until the client has all that was sent; 0 throws it away.
    # Without it the kernel sends on by itself, and nobody waits. ThreadServer only: on an event
    # loop everybody would wait.
    linger_s: int | None = None
    ttl: int | None = None  # routers that a packet may pass; IPv6 calls it hop limit
    probe_after_s: int | None = None  # a silent client is probed (SO_KEEPALIVE) after so long,
    probe_every_s: int = 10  # then so often,
    probes: int = 3  # and is gone when so many were not answered
    reuse_port: bool = False  # other programs that say so too may listen on the same port
    send_buffer_bytes: int | None = SEND_BUFFER_BYTES
    receive_buffer_bytes: int | None = None
    unix_mode: int = 0o600  # who may connect to a Unix socket: the owner; 0o660: the group as well

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in _RANGES:
                if not isinstance(value, bool):
                    raise ValueError(self._fault(field.name, value, "True or False"))
                continue
            least, most = _RANGES[field.name]
            may_be_none = "None" in str(field.type)
            is_number = type(value) is int and least <= value <= most
            if not is_number and not (value is None and may_be_none):
                expected = f"a whole number, {least} to {most}" + ", or None" * may_be_none
                raise ValueError(self._fault(field.name, value, expected))

    @staticmethod
    def _fault(name: str, value: object, expected: str) -> str:
        return f"SocketOptions({name}={value!r}): expected {expected}"

    def prepare(self, listener: socket.socket) -> None:
        """Sets all of it on a socket that is not bound yet. Raises OSError or ServerError.

        >>> with socket.socket() as listener:
        ...     SocketOptions(ttl=9).prepare(listener)
        ...     listener.getsockopt(socket.IPPROTO_IP, socket.IP_TTL)
        9
        """
        for name, buffer_bytes in (
            (socket.SO_SNDBUF, self.send_buffer_bytes),
            (socket.SO_RCVBUF, self.receive_buffer_bytes),
        ):
            if buffer_bytes is not None:
                listener.setsockopt(socket.SOL_SOCKET, name, buffer_bytes)
        if self.linger_s is not None:
            kind = "hh" if sys.platform == "win32" else "ii"
            value = struct.pack(kind, 1, self.linger_s)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, value)
        if listener.family in (socket.AF_INET, socket.AF_INET6):
            self._prepare_tcp(listener)

    def _prepare_tcp(self, listener: socket.socket) -> None:
        if sys.platform == "win32":
            if not self.reuse_port:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.reuse_port:
            if not hasattr(socket, "SO_REUSEPORT"):
                raise ServerError("reuse_port=True: this system cannot share a port")
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, self.nodelay)
        if self.ttl is not None and listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, self.ttl)
        elif self.ttl is not None:
            listener.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, self.ttl)
        if self.probe_after_s is not None:
            self._prepare_probes(listener, self.probe_after_s)

    def _prepare_probes(self, listener: socket.socket, after_s: int) -> None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        after = "TCP_KEEPIDLE" if hasattr(socket, "TCP_KEEPIDLE") else "TCP_KEEPALIVE"  # macOS
        values = {after: after_s, "TCP_KEEPINTVL": self.probe_every_s, "TCP_KEEPCNT": self.probes}
        for name, value in values.items():
            with contextlib.suppress(AttributeError):  # an old Windows has its own times
                listener.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def allow_delay(sock: Any) -> None:
    """Takes back what a loop does to every socket it is given."""
    with contextlib.suppress(OSError):  # no TCP socket, or the client has gone
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
