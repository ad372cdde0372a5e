"""`wsgi.input`: the body of a request as a file.

Rule: reading waits for what was asked for, never for more than the client has to send, and ends
with the body.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from asyncweb.context import Context

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BUFFER_BYTES = 64 * 1024


class BodyFile(io.RawIOBase):
    """The body, unbuffered; `BodyFile.of(ctx)` has `read`, `readline` and iteration too."""

    def __init__(self, pieces: Iterator[bytes]):
        self._pieces = pieces
        self._rest = memoryview(b"")

    @classmethod
    def of(cls, ctx: Context) -> io.BufferedReader:
        """The body of `ctx` as it arrives."""
        return io.BufferedReader(cls(iter(ctx.stream)), BUFFER_BYTES)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills `buffer` with what there is, waiting for the first byte; 0 is the end.

        Raises the HTTPError that answers what has broken the body off.
        """
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        room = memoryview(buffer).cast("B")
        count = min(len(room), len(self._rest))
        room[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def __enter__(self) -> Self:
        return self
