"""The heads that came before: clients ask the same again and again.

Rule: only equal bytes are equal. What was read of them once holds again, whoever sends them, and is
not read twice.
"""

from __future__ import annotations

from asyncweb.http.head import Head
from asyncweb.http.limits import Limits

LONGEST_BYTES = 1024  # of a head that is remembered
MOST = 256  # that are remembered at a time


class Known:
    """What was read of the heads that one server's clients have sent, under its limits.

    Several threads may ask at once: each step is one look into a dict.
    """

    __slots__ = ("_alike", "_heads", "_limits", "_scheme", "get")

    def __init__(self, limits: Limits, scheme: str = "http"):
        self._limits = limits
        self._scheme = scheme  # over which they come
        self._heads: dict[bytes, Head] = {}
        self._alike: dict[bytes, Head] = {}  # by the bytes under their line
        self.get = self._heads.get  # the head that some bytes were, if they were one

    def head(self, data: bytes) -> Head:
        """The head that `data` is, all bytes up to its empty line. Raises ProtocolError."""
        head = self._heads.get(data)
        if head is None:
            fields = data[data.find(b"\n") :]
            head = Head(data, self._limits, self._alike.get(fields), self._scheme)
            if len(data) <= LONGEST_BYTES:
                self._remember(data, fields, head)
        return head

    def _remember(self, data: bytes, fields: bytes, head: Head) -> None:
        if len(self._heads) >= MOST:
            self._heads.clear()
            self._alike.clear()
        self._heads[data] = self._alike[fields] = head
