"""What a test is answered, read from the wire.

Rule: an answer that breaks off never looks whole.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import httptools

from asyncweb.errors import ClientGone
from asyncweb.http.fields import Headers

RECEIVE_BYTES = 64 * 1024
_FRAMED = ("content-length", "transfer-encoding")


class Answer:
    """`status`, `headers`, and the body: `body` as bytes, `text`, or `json()`."""

    def __init__(self, status: int, headers: Headers, body: bytes):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self) -> str:
        """The body as UTF-8 text. Raises UnicodeDecodeError when it is something else."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is something else."""
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"<Answer {self.status}, {len(self.body)} bytes>"


class StreamedAnswer:
    """An answer whose body comes in pieces, as the app sends them: `for piece in answer`.

    `status` and `headers` are there at once. Raises ClientGone when it breaks off, and TimeoutError
    when nothing comes for `timeout` seconds.
    """

    def __init__(self, sock: socket.socket, method: str, check: Callable[[], None]):
        self.status = 0
        self.headers = Headers()
        self._socket = sock
        self._method = method
        self._check = check
        self._fields: list[tuple[bytes, bytes]] = []
        self._pieces: list[bytes] = []
        self._has_head = self._complete = False
        self._parser = httptools.HttpResponseParser(self)
        self.rest = b""  # after the head of an upgrade

    def begin(self) -> None:
        """Returns when the head has come."""
        while not self._has_head:
            self._receive()

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield from self._taken()
            if self._complete:
                self._check()
                return
            self._receive()

    def lines(self) -> Iterator[str]:
        """The body's lines as text, without their ends."""
        begun = b""
        for piece in self:
            *lines, begun = (begun + piece).split(b"\n")
            yield from (line.decode().removesuffix("\r") for line in lines)
        if begun:
            yield begun.decode()

    def read(self) -> Answer:
        """All of it, as an Answer."""
        return Answer(self.status, self.headers, b"".join(self))

    def leave(self) -> None:
        """Reads no more of it. The parser knows this answer: both would outlive the test."""
        del self._parser, self._check

    def _taken(self) -> list[bytes]:
        taken, self._pieces = self._pieces, []
        return taken

    def _receive(self) -> None:
        data = received(self._socket)
        if not data:
            self._ended()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self.rest = data[upgrade.args[0] :]

    def _ended(self) -> None:
        if self._has_head and not any(name in self.headers for name in _FRAMED):
            self._complete = True  # the end of the connection is that of the answer
            return
        self._check()
        raise ClientGone("the connection was closed before the answer was whole")

    # ------------------------------------------------------------------ what the parser finds

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; after it, a trailer, which nobody asks for."""
        if not self._has_head:
            self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole; that of an interim answer is not the one waited for."""
        self.status = self._parser.get_status_code()
        self.headers = Headers.from_wire(self._fields)
        self._fields = []
        self._has_head = self.status >= 200 or self.status == 101
        self._complete = self._method == "HEAD" or self.status == 101

    def on_body(self, data: bytes) -> None:
        """Some of the body."""
        self._pieces.append(data)

    def on_message_complete(self) -> None:
        """The answer is whole, if it was the one waited for."""
        self._complete |= self._has_head


def received(sock: socket.socket) -> bytes:
    """What the app sent next; b"" when it has closed. Raises TimeoutError when nothing comes."""
    try:
        return sock.recv(RECEIVE_BYTES)
    except TimeoutError:
        raise TimeoutError(f"the app sent nothing for {sock.gettimeout():g} s") from None
    except ConnectionError:
        return b""
