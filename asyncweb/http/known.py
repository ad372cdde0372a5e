"""The requests that came before: clients ask the same again and again.

Rule: only equal bytes are equal. What was read of them once holds again, whoever sends them, and is
not read twice.
"""

from __future__ import annotations

from asyncweb.http.head import Head
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request

LONGEST_BYTES = 1024  # of a request that is remembered
MOST = 256  # that are remembered at a time


class Known:
    """What was read of the requests of one server's clients, under its limits.

    Several threads may ask at once: each step is one look into a dict.
    """

    __slots__ = ("_heads", "_limits", "_requests", "_scheme")

    def __init__(self, limits: Limits, scheme: str = "http"):
        self._limits = limits
        self._scheme = scheme  # over which they come
        self._requests: dict[bytes, tuple[Head, bytes]] = {}  # by all their bytes: head and body
        self._heads: dict[bytes, Head] = {}  # by the bytes under their line

    def request(self, data: bytes) -> Request | None:
        """The request that `data` was, if it was one, whole and alone."""
        found = self._requests.get(data)
        return None if found is None else found[0].request(found[1])

    def head(self, data: bytes) -> Head:
        """The head that `data` is. Raises ProtocolError."""
        like = self._heads.get(data[data.find(b"\n") :])
        return Head(data, self._limits, like, self._scheme)

    def remember(self, data: bytes, head: Head, body: bytes) -> None:
        """`data` was one whole request, and nothing else."""
        if len(data) > LONGEST_BYTES:
            return
        if len(self._requests) >= MOST:
            self._requests.clear()
            self._heads.clear()
        self._requests[data] = head, body
        if not body:
            self._heads[data[data.find(b"\n") :]] = head
