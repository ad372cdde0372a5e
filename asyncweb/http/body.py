"""The body of a request: where it ends, and the bytes in it.

Rule: a decoder takes bytes and says which of them are body; it keeps none of them.
"""

from __future__ import annotations

import re
from typing import Literal, Protocol, TypeAlias

from asyncweb.errors import ProtocolError
from asyncweb.http.limits import Limits

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
_EXTENSION = rb"[ \t]*;[ \t]*%b(?:[ \t]*=[ \t]*(?:%b|%b))?" % (_TOKEN, _TOKEN, _QUOTED)
_SIZE_LINE = rb"([0-9A-Fa-f]{1,16})((?:%b)*)\r\n" % _EXTENSION
_TRAILER_LINE = rb"(%b):[\t -~\x80-\xff]*\r\n" % _TOKEN
_NO_TRAILERS = frozenset({b"content-length", b"host", b"transfer-encoding"})  # RFC 9110, 6.5.1
_PLAIN_LINE_BYTES = 18  # a size of 16 digits and its line end: all a chunk needs
ALONE_BYTES = 4 * 1024  # a piece so large is kept as it came, as is the first
GATHERED_BYTES = 64 * 1024  # smaller ones are put together until they are so many


class Decoder(Protocol):
    """Finds the body in what follows a head."""

    done: bool

    def take(self, data: bytes, at: int) -> tuple[bytes, int]:
        """Goes on in `data` from `at`: the body's bytes met there, and where to go on after them.

        Where to go on is `at` itself when more data must come first. Raises ProtocolError.
        """


class Gathered:
    """The bytes of a body as they come; `size` are here.

    They are made one when they are taken. To make a body longer with each piece is to move all of
    it now and then, while every thread waits; and tiny chunks, kept one by one, would take twenty
    times their bytes.

    >>> body = Gathered()
    >>> for piece in (b"tiny ", b"chunks ", b"of a body"):
    ...     body.put(piece)
    >>> body.size, body.take(), body.size
    (21, b'tiny chunks of a body', 0)
    """

    __slots__ = ("_pieces", "size")

    def __init__(self) -> None:
        self._pieces: list[bytes | bytearray] = []
        self.size = 0

    def put(self, piece: bytes) -> None:
        """Adds what has come."""
        self.size += len(piece)
        pieces = self._pieces
        if not pieces or len(piece) >= ALONE_BYTES:
            pieces.append(piece)
        elif isinstance(pieces[-1], bytearray) and len(pieces[-1]) < GATHERED_BYTES:
            pieces[-1] += piece
        else:
            pieces.append(bytearray(piece))

    def take(self) -> bytes:
        """All of it, which is forgotten here. What came in one piece is not copied."""
        pieces, self._pieces, self.size = self._pieces, [], 0
        return b"".join(pieces)


class LengthDecoder:
    """A body of which the head has told the length."""

    __slots__ = ("_left", "done")

    def __init__(self, length: int):
        self._left = length
        self.done = length == 0

    def take(self, data: bytes, at: int) -> tuple[bytes, int]:
        """All of it that is there."""
        piece = data[at : at + self._left]
        self._left -= len(piece)
        self.done = self._left == 0
        return piece, at + len(piece)


Part: TypeAlias = Literal["size", "data", "data end", "trailer"]


class ChunkedDecoder:
    """A body in chunks (RFC 9112, 7.1). Extensions and trailers are checked, counted, dropped."""

    __slots__ = ("_allowed", "_extra_bytes", "_left", "_limits", "_part", "_trailers", "done")

    def __init__(self, limits: Limits, allowed: int):
        """`allowed` is how many bytes the chunks may have together."""
        self._limits = limits
        self._allowed = allowed
        self._part: Part = "size"
        self._left = 0  # of the present chunk
        self._extra_bytes = 0  # of extensions or, later, of trailers
        self._trailers = 0
        self.done = False

    def take(self, data: bytes, at: int) -> tuple[bytes, int]:
        """One step: a line, or what is there of a chunk's data."""
        match self._part:
            case "size":
                return b"", self._take_size(data, at)
            case "data":
                return self._take_data(data, at)
            case "data end":
                return b"", self._take_data_end(data, at)
            case _:
                return b"", self._take_trailer(data, at)

    def _take_size(self, data: bytes, at: int) -> int:
        end = data.find(b"\n", at) + 1
        extra_bytes = self._extra_bytes + max((end or len(data)) - at - _PLAIN_LINE_BYTES, 0)
        if extra_bytes > self._limits.head_bytes:
            raise ProtocolError(413, f"chunk extensions beyond {self._limits.head_bytes} bytes")
        if not end:
            return at
        line = re.fullmatch(_SIZE_LINE, data[at:end])
        if line is None:
            raise ProtocolError(400, "malformed request: that is no size of a chunk")
        self._left = int(line[1], 16)
        self._allowed -= self._left
        if self._allowed < 0:
            raise ProtocolError(413, "the body is larger than this server takes")
        self._extra_bytes = extra_bytes if self._left else 0
        self._part = "data" if self._left else "trailer"
        return end

    def _take_data(self, data: bytes, at: int) -> tuple[bytes, int]:
        piece = data[at : at + self._left]
        self._left -= len(piece)
        if not self._left:
            self._part = "data end"
        return piece, at + len(piece)

    def _take_data_end(self, data: bytes, at: int) -> int:
        end = data[at : at + 2]
        if end not in (b"\r\n", b"\r", b""):
            raise ProtocolError(400, "malformed request: a chunk is longer than its size")
        if end != b"\r\n":
            return at
        self._part = "size"
        return at + 2

    def _take_trailer(self, data: bytes, at: int) -> int:
        end = data.find(b"\n", at) + 1
        extra_bytes = self._extra_bytes + (end or len(data)) - at
        if extra_bytes > self._limits.head_bytes or self._trailers > self._limits.header_count:
            raise ProtocolError(431, "more trailer fields than this server takes")
        if not end:
            return at
        self._extra_bytes = extra_bytes
        if data[at:end] == b"\r\n":
            self.done = True
            return end
        line = re.fullmatch(_TRAILER_LINE, data[at:end])
        if line is None or line[1].lower() in _NO_TRAILERS:
            raise ProtocolError(400, "malformed request: that is no trailer field")
        self._trailers += 1
        return end
