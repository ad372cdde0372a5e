"""One attempt: bytes that two parsers may cut into messages at different places.

Rule: every attempt ends with a hidden request, and every path contains MARK, which has the length
of what replaces it, so that each delivery can be told from all others and no length changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MARK = b"MARK0000"
PATH = b"/case/" + MARK
HOST = b"Host: judge"
HIDDEN = b"GET /hidden/" + MARK + b" HTTP/1.1\r\nHost: judge\r\nConnection: close\r\n\r\n"
FORGED = b"X-Request-Id: forged-" + MARK
HIDDEN_FORGED = HIDDEN.replace(b"\r\n\r\n", b"\r\n" + FORGED + b"\r\n\r\n")


@dataclass(frozen=True)
class Case:
    """A name to find it by, and the bytes."""

    name: str
    data: bytes

    def marked(self, mark: bytes) -> bytes:
        """The bytes for one delivery, known by its `mark`."""
        assert len(mark) == len(MARK)
        return self.data.replace(MARK, mark)


def head(
    *lines: bytes, method: bytes = b"POST", version: bytes = b"HTTP/1.1", host: bytes = HOST
) -> bytes:
    """A head with these field lines, as they are."""
    start = method + b" " + PATH + b" " + version
    return b"\r\n".join([start, *([host] if host else []), *lines]) + b"\r\n\r\n"


def length(body: bytes) -> bytes:
    """The field line that says how long `body` is."""
    return b"Content-Length: %d" % len(body)


def chunked(body: bytes) -> bytes:
    """`body` as one chunk and the last one."""
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


def named(family: str, shape: str, what: bytes) -> str:
    """A name that shows every byte of what is odd."""
    return f"{family}: {shape}: {repr(what)[2:-1]}"


def unique(cases: Iterable[Case]) -> list[Case]:
    """The cases without those whose bytes came before."""
    return list({case.data: case for case in cases}.values())
