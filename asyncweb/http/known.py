"""The request a client sent last: one that stays asks the same again and again.

Rule: only equal bytes are equal. What was read of them once holds again, and is not read twice.
"""

from __future__ import annotations

from asyncweb.http.head import Head
from asyncweb.http.messages import Request

LONGEST_BYTES = 1024  # that are remembered


class Known:
    """The bytes of a request that came whole and alone, and what was read of them."""

    __slots__ = ("body", "data", "head")

    def __init__(self, data: bytes, head: Head, body: bytes):
        self.data = data
        self.head = head
        self.body = body

    def request(self) -> Request:
        """The same request once more."""
        return self.head.request(self.body)

    def like(self, data: bytes) -> Head | None:
        """The known head, if one that is spelled `data` has the same fields under its line."""
        at, known_at = data.find(b"\n"), self.data.find(b"\n")
        is_like = not self.body and data[at:] == self.data[known_at:]
        return self.head if is_like else None
