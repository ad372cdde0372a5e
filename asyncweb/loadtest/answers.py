"""Answers in a stream of bytes, told apart as fast as that can be done.

Rule: this module does no I/O and knows no clock. A head that came before is not read again; an
answer that does not say its length, or says it in chunks, is left to httptools, and so is the rest
of its connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import httptools

from asyncweb.errors import LoadError

HEAD_END = b"\r\n\r\n"
VERSION = b"HTTP/1."
LONGEST_HEAD_BYTES = 256 * 1024
MOST_HEADS = 256  # that are remembered: servers date theirs, so there is a new one each second


class NoAnswer(LoadError):
    """What came is not HTTP."""

    kind = "protocol"  # of error, as a result counts it


class Head:
    """The beginning of an answer, understood: status, whether the connection stays, body length.

    `length` is None when only the body itself tells where it ends. `alone` is what a client gets
    that gets this answer and no other.
    """

    __slots__ = ("alone", "length", "status", "stays")

    def __init__(self, status: int, stays: bool, length: int | None):
        self.status = status
        self.stays = stays
        self.length = length
        is_interim = 100 <= status < 200 and status != 101
        self.alone: Sequence[Head] = () if is_interim else (self,)


class Heads:
    """The heads that came before, on any connection of the same load.

    `of_head`: they answer HEAD, and no body follows whatever they say.
    """

    __slots__ = ("_known", "get", "of_head")

    def __init__(self, of_head: bool = False):
        self.of_head = of_head
        self._known: dict[bytes, Head] = {}
        self.get = self._known.get  # the head that some bytes were, if they were one

    def read(self, data: bytes) -> Head:
        """The head that `data` is. Raises NoAnswer when it is none."""
        head = self._known.get(data)
        if head is None:
            if len(self._known) >= MOST_HEADS:
                self._known.clear()
            head = self._known[data] = _read_head(data, self.of_head)
        return head


class Answers:
    """The answers that one server gives on one connection.

    `heads` may be changed between two answers, when the next one is to a request of another kind.

    >>> answers = Answers(Heads())
    >>> list(answers.feed(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nh"))
    []
    >>> more = b"iHTTP/1.1 404 No\\r\\nContent-Length: 0\\r\\n\\r\\n"
    >>> [(head.status, head.stays) for head in answers.feed(more)]
    [(200, True), (404, True)]
    """

    __slots__ = ("_head", "_missing", "_reader", "_rest", "heads")

    def __init__(self, heads: Heads):
        self.heads = heads
        self._head: Head | None = None  # of the answer that has begun
        self._missing = 0  # bytes of its body
        self._rest = b""  # the beginning of a head
        self._reader: _Reader | None = None

    def feed(self, data: bytes) -> Iterable[Head]:
        """The answers that are whole now. Raises NoAnswer for what is none.

        They are to be taken all: each is read after the one before was taken, among the `heads`
        of that moment.
        """
        if self._reader is not None:
            return self._reader.feed(data)
        if self._head is None and not self._rest:
            end = data.find(HEAD_END) + 4
            head = self.heads.get(data[:end])
            if head is not None and head.length == len(data) - end:
                return head.alone
        elif len(data) < self._missing:
            self._missing -= len(data)
            return ()
        return self._read(data)

    def end(self) -> Head | None:
        """The answer that ends with the connection, if one does."""
        return None if self._reader is None else self._reader.end()

    def _read(self, data: bytes) -> Iterator[Head]:
        data, self._rest = self._rest + data, b""
        at = 0  # what is before has been read; to cut it off each time would cost its square
        while at < len(data):
            if self._head is None and not self._begin(data, at):
                return
            if self._reader is not None:
                yield from self._reader.feed(data[at:])
                return
            taken = min(len(data) - at, self._missing)
            at += taken
            self._missing -= taken
            if not self._missing and self._head is not None:
                head, self._head = self._head, None
                yield from head.alone

    def _begin(self, data: bytes, at: int) -> bool:
        """Reads the head that begins there; whether all of it was there."""
        end = data.find(HEAD_END, at) + 4
        if not VERSION.startswith(data[at : at + len(VERSION)]):
            raise NoAnswer(f"no HTTP answer: it begins with {data[at : at + 20]!r}")
        if end < 4:
            if len(data) - at > LONGEST_HEAD_BYTES:
                raise NoAnswer(f"a head of more than {LONGEST_HEAD_BYTES:,} bytes")
            self._rest = data[at:]
            return False
        head = self.heads.read(data[at:end])
        if head.length is None:
            self._reader = _Reader()
        else:
            self._head, self._missing = head, end - at + head.length
        return True


class _Reader:
    """Hears from httptools of one answer after the other."""

    def __init__(self) -> None:
        self.parser: Any = httptools.HttpResponseParser(self)
        self.length: int | None = None
        self._unread_bytes = 0  # since a body last came: httptools keeps what it has of a field
        self._in_body = self._is_framed = False
        self._whole: list[Head] = []

    def feed(self, data: bytes) -> Sequence[Head]:
        """The answers that are whole now. Raises NoAnswer for what is none."""
        self._unread_bytes += len(data)
        if self._unread_bytes > LONGEST_HEAD_BYTES + len(data):
            raise NoAnswer(f"more than {LONGEST_HEAD_BYTES:,} bytes without a body or an end")
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # what follows a 101 is of another protocol
        except httptools.HttpParserError as error:
            raise NoAnswer(f"no HTTP answer: {error}") from None
        whole, self._whole = self._whole, []
        return whole

    def end(self) -> Head | None:
        """The answer that has begun, if its body ends with the connection."""
        ends_here = self._in_body and not self._is_framed
        return Head(self.parser.get_status_code(), False, None) if ends_here else None

    def on_headers_complete(self) -> None:
        self._in_body = True

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name == b"content-length":
            self.length = int(value)
        self._is_framed |= name in (b"content-length", b"transfer-encoding")

    def on_body(self, data: bytes) -> None:
        self._unread_bytes = 0

    def on_message_complete(self) -> None:
        self._unread_bytes = 0
        head = Head(self.parser.get_status_code(), self.parser.should_keep_alive(), self.length)
        self._whole += head.alone
        self.length, self._in_body, self._is_framed = None, False, False


def _read_head(data: bytes, of_head: bool) -> Head:
    reader = _Reader()
    parser = reader.parser
    reader.feed(data)
    status = parser.get_status_code()
    has_no_body = of_head or status < 200 or status in (204, 304)
    return Head(status, parser.should_keep_alive(), 0 if has_no_body else reader.length)
