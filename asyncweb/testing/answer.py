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
    """`status`, `headers`, and the body: `body` as bytes, `text`, or `json()`.

    >>> answer = Answer(200, Headers(), b'{"id": 7}')
    >>> answer.status, answer.text, answer.json()["id"]
    (200, '{"id": 7}', 7)
    """

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

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.get("/")
    ... def count(ctx):
    ...     yield "one\\n"
    ...     yield "two\\n"
    >>> with app.test_client().stream("GET", "/") as answer:
    ...     answer.status, list(answer.lines())
    (200, ['one', 'two'])

    The client reads it so, from a connection of its own:

    >>> ours, theirs = socket.socketpair()
    >>> with ours, theirs:
    ...     theirs.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\none")
    ...     answer = StreamedAnswer(ours, "GET", check=lambda: None)
    ...     answer.begin()
    ...     answer.read().text
    ...     answer.end()
    ...     answer.leave()
    'one'
    """

    def __init__(self, sock: socket.socket, method: str, check: Callable[[], None]):
        self.status = 0
        self.headers = Headers()
        self.rest = b""  # after the head of an upgrade
        self.is_over = False  # when the client leaves before, what comes of it is nobody's
        self._socket = sock
        self._check = check
        self._reading = _Reading(method)

    def begin(self) -> None:
        """Returns when the head has come."""
        while not self._reading.has_head:
            self._receive()
        self.status, self.headers = self._reading.status, self._reading.headers
        self.rest = self._reading.rest

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield from self._reading.taken()
            if self._reading.complete:
                self.end()
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

    def end(self) -> None:
        """Nothing more comes of it. Raises what the app has raised."""
        self.is_over = True
        self._check()

    def leave(self) -> None:
        """Reads no more of it."""
        self._reading.end()
        del self._check

    def _receive(self) -> None:
        data = received(self._socket)
        if data:
            self._reading.feed(data)
        elif not self._reading.ends_with_connection():
            self.end()
            raise ClientGone("the connection was closed before the answer was whole")


class _Reading:
    """What the parser has found of an answer to `method`; it calls what begins with `on_`."""

    def __init__(self, method: str):
        self.status = 0
        self.headers = Headers()
        self.has_head = self.complete = False
        self.rest = b""  # after the head of an upgrade
        self._method = method
        self._fields: list[tuple[bytes, bytes]] = []
        self._pieces: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self.rest = data[upgrade.args[0] :]

    def taken(self) -> list[bytes]:
        """The pieces of the body that nobody has taken yet."""
        taken, self._pieces = self._pieces, []
        return taken

    def ends_with_connection(self) -> bool:
        """Whether the answer is whole now that the connection is over: it has told no length."""
        self.complete = self.has_head and not any(name in self.headers for name in _FRAMED)
        return self.complete

    def end(self) -> None:
        """Lets go of the parser, which knows this: both would outlive the test."""
        del self._parser

    # ------------------------------------------------------------------ what the parser finds

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; after it, a trailer, which nobody asks for."""
        if not self.has_head:
            self._fields.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole; that of an interim answer is not the one waited for."""
        self.status = self._parser.get_status_code()
        self.headers = Headers.from_wire(self._fields)
        self._fields = []
        self.has_head = self.status >= 200 or self.status == 101
        self.complete = self._method == "HEAD" or self.status == 101

    def on_body(self, data: bytes) -> None:
        self._pieces.append(data)

    def on_message_complete(self) -> None:
        """The answer is whole, if it was the one waited for."""
        self.complete |= self.has_head


def received(sock: socket.socket) -> bytes:
    """What the app sent next; b"" when it has closed. Raises TimeoutError when nothing comes."""
    try:
        return sock.recv(RECEIVE_BYTES)
    except TimeoutError:
        raise TimeoutError(f"the app sent nothing for {sock.gettimeout():g} s") from None
    except ConnectionError:
        return b""


def until_closed(sock: socket.socket, whose: str) -> None:
    """Returns when the app has closed. Raises TimeoutError when `whose` handler goes on."""
    try:
        while received(sock):
            pass
    except TimeoutError:
        waited = f"for {sock.gettimeout():g} s after the goodbye"
        raise TimeoutError(f"the handler of {whose} has not ended {waited}") from None
