"""How much one client may ask for, and how long it may take.

Rule: every limit is on by default, and each has one answer: the status beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

KIB, MIB, GIB = 1024, 1024**2, 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server takes from its clients, in bytes, counts and seconds.

    `Limits()` suits a class on its own machines, `Limits.strict()` a server that strangers reach,
    `Limits.relaxed()` an experiment. Each of them takes changes: `Limits.strict(idle_s=60)`.

    >>> Limits.strict().idle_s, Limits().idle_s, Limits.relaxed().idle_s
    (5.0, 25.0, 300.0)
    >>> from asyncweb import App
    >>> small = App().test_client(limits=Limits(body_bytes=4))
    >>> small.post("/", data=b"12345").status
    413
    """

    # Of a request, in bytes and counts.
    target_bytes: int = 8 * KIB  # 414 beyond it
    head_bytes: int = 32 * KIB  # 431: the request line and all fields; and so for trailers
    header_count: int = 100  # 431
    body_bytes: int = 16 * MIB  # 413, of a body that is kept in memory
    stream_bytes: int = 1 * GIB  # 413, of a body that its handler takes piece by piece
    buffer_bytes: int = 256 * KIB  # of such a body that wait for the handler; then we read no more
    pipelined_requests: int = 16  # more wait unread in the socket

    # Of a WebSocket.
    frame_bytes: int = 4 * MIB  # close 1009: of one frame, and of what it decompresses to
    message_bytes: int = 4 * MIB  # close 1009: of all fragments together
    ping_s: float = 20.0  # a client that is silent for so long is asked for a sign of life
    pong_s: float = 20.0  # cut off: one that gives none

    # Of connections. The course's own load tests come from one address.
    connections: int = 15_000  # 503 with Retry-After
    connections_per_client: int = 12_000  # 503 with Retry-After: from one address
    requests_per_connection: int = 100_000  # the answer to the last one closes

    # Of time, in seconds.
    idle_s: float = 25.0  # then a connection between two requests is closed
    head_s: float = 20.0  # 408: from the first byte of a head to its end; TLS handshake: cut off
    body_s: float = 20.0  # 408: for a body, and one second more for each
    body_bytes_per_s: int = 16 * KIB  # of these that have arrived
    write_s: float = 20.0  # cut off: for a client that does not read, and one second more for each
    write_bytes_per_s: int = 16 * KIB  # of these that it has taken
    half_closed_s: float = 5.0  # cut off: a client that sends no more, while a handler still works

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
                raise ValueError(f"Limits({name}={value!r}): expected a number above 0")

    @classmethod
    def strict(cls, **changes: Any) -> Self:
        """Little of everything, for a server that strangers reach."""
        return cls(**(_STRICT | changes))

    @classmethod
    def relaxed(cls, **changes: Any) -> Self:
        """Much of everything, for clients that are trusted; nothing is without an end."""
        return cls(**(_RELAXED | changes))


_STRICT: dict[str, Any] = {
    "target_bytes": 2 * KIB,
    "head_bytes": 8 * KIB,
    "header_count": 50,
    "body_bytes": 1 * MIB,
    "stream_bytes": 64 * MIB,
    "buffer_bytes": 64 * KIB,
    "pipelined_requests": 4,
    "frame_bytes": 64 * KIB,
    "message_bytes": 64 * KIB,
    "ping_s": 10.0,
    "pong_s": 5.0,
    "connections": 2_000,
    "connections_per_client": 64,
    "requests_per_connection": 1_000,
    "idle_s": 5.0,
    "head_s": 5.0,
    "body_s": 5.0,
    "write_s": 5.0,
    "half_closed_s": 1.0,
}
_RELAXED: dict[str, Any] = {
    "target_bytes": 64 * KIB,
    "head_bytes": 256 * KIB,
    "header_count": 1_000,
    "body_bytes": 256 * MIB,
    "stream_bytes": 64 * GIB,
    "buffer_bytes": 1 * MIB,
    "pipelined_requests": 128,
    "frame_bytes": 64 * MIB,
    "message_bytes": 256 * MIB,
    "ping_s": 60.0,
    "pong_s": 60.0,
    "connections": 100_000,
    "connections_per_client": 100_000,
    "requests_per_connection": 10_000_000,
    "idle_s": 300.0,
    "head_s": 120.0,
    "body_s": 120.0,
    "body_bytes_per_s": 1 * KIB,
    "write_s": 120.0,
    "write_bytes_per_s": 1 * KIB,
    "half_closed_s": 60.0,
}
