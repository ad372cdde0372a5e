"""Conversations: what a client says and where it stops to listen; and an engine in memory.

Rule: a script never leaves to chance what is answered. Before it half-closes it has heard all
that was due, and a body that is held back for 100 Continue is sent when that has come, or with
its head.
"""

from __future__ import annotations

import hashlib
import re
import socket
from collections.abc import Coroutine, Generator
from contextlib import suppress
from dataclasses import dataclass
from types import coroutine
from typing import Any

from asyncweb import App, Response
from asyncweb.connection import Connection
from asyncweb.errors import ProtocolError
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request
from asyncweb.pieces import pieces_for_thread
from tests.conftest import PATIENCE_S

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
_DATE = re.compile(rb"\r\ndate: [^\r]{29}\r\n")
_STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) [A-Z]")


@dataclass(frozen=True)
class Step:
    """Bytes that are sent at once; `listens`: then waits for all that is due by then."""

    data: bytes
    listens: bool = False


@dataclass
class Told:
    """What was answered: after each step, and in the end; whether the server closed by itself."""

    after: list[bytes]
    all: bytes = b""
    closed: bool = False

    @property
    def statuses(self) -> list[int]:
        return [int(status) for status in _STATUS.findall(self.all)]


def app_of_all_kinds() -> App:
    app = App()

    @app.get("/")
    def hello(ctx):
        return "hello"

    @app.get("/users/{id:int}")
    async def user(ctx):
        await ctx.sleep(0)
        return {"id": ctx.params["id"], "q": ctx.query.get("q")}

    @app.route("/echo", ["POST", "PUT"])
    def echo(ctx):
        return ctx.body

    @app.post("/stream", stream=True)
    async def stream(ctx):
        body = b"".join([piece async for piece in ctx.stream])
        return f"{len(body)} {hashlib.sha1(body).hexdigest()}"

    @app.get("/pieces")
    def pieces(ctx):
        yield from ("one", "", b"two")

    @app.get("/declared")
    def declared(ctx):
        return Response(iter(["one", "two"]), headers={"content-length": "6"})

    @app.get("/bye")
    def bye(ctx):
        return "bye", 200, {"connection": "close"}

    @app.get("/nothing")
    def nothing(ctx):
        return None

    @app.get("/raises")
    def raises(ctx):
        raise LookupError("on purpose")

    return app


class Memory:
    """The third engine: no socket, no loop, no thread; it hears each step whole."""

    address = ("127.0.0.1", 1)
    closed = False

    def __init__(self, app: App):
        self.app = app
        self.connection = Connection(Limits(), streams=app.streams)
        self.said = b""
        self._work: Coroutine[Any, Any, None] | None = None

    def hear(self, data: bytes) -> None:
        self.connection.receive(data)
        self._go_on()

    def end(self) -> None:
        self.connection.end()
        self._go_on()

    async def sleep(self, seconds: float) -> None:
        """Nobody else is here to be served meanwhile."""

    def failed(self, request: Request, error: BaseException) -> None:
        """The client is told; nobody else asks."""

    async def more(self, body: IncomingBody) -> None:
        self.said += self.connection.take_continue()
        await _next_step()

    async def room(self) -> None:
        """There is always room."""

    def _go_on(self) -> None:
        while not self.connection.closing or self._work is not None:
            if self._work is None:
                request = self.connection.next_request()
                if request is None:
                    break
                self._work = self._respond(request)
            with suppress(StopIteration):
                self._work.send(None)
                return
            self._work = None
        if not self.connection.closing:
            self.said += self.connection.take_continue()

    async def _respond(self, request: Request | ProtocolError) -> None:
        connection = self.connection
        if isinstance(request, ProtocolError):
            self.said += connection.reply(self.app.refuse(request), DATE)
            return
        request.link = self
        response = await self.app.respond(self.app.context(request, self))
        self.said += connection.reply(response, DATE)
        if response.streams:
            if connection.wants_body:
                self.said += b"".join(map(connection.piece, pieces_for_thread(response.body)))
            self.said += connection.finish()


@coroutine
def _next_step() -> Generator[None, None, None]:
    yield


def foretold(app: App, steps: list[Step]) -> Told:
    """What the core says, driven in memory."""
    memory, told = Memory(app), Told([])
    for step in steps:
        memory.hear(step.data)
        told.after.append(memory.said)
    told.closed = memory.connection.closing
    memory.end()
    told.all = memory.said
    return told


def played(port: int, steps: list[Step], due: Told) -> Told:
    """What a server says; when it is silent longer than it should, a TimeoutError."""
    told = Told([])
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for step, expected in zip(steps, due.after, strict=True):
            with suppress(ConnectionError):  # it has closed: what was due, it said before
                sock.sendall(step.data)
            if step.listens or step is steps[-1]:
                told.all += _heard(sock, len(expected) - len(told.all))
        told.closed = due.closed or _has_closed(sock)
        if not due.closed:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_WR)
        told.all += _heard(sock)
    told.all = _DATE.sub(b"\r\ndate: %b\r\n" % DATE.encode(), told.all)
    return told


def _heard(sock: socket.socket, count: int | None = None) -> bytes:
    """`count` bytes, or all up to the end; less when the end comes first."""
    heard = b""
    with suppress(ConnectionError):
        while (count is None or len(heard) < count) and (
            data := sock.recv(65536 if count is None else count - len(heard))
        ):
            heard += data
    return heard


def _has_closed(sock: socket.socket) -> bool:
    sock.setblocking(False)
    try:
        return sock.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    finally:
        sock.settimeout(PATIENCE_S)
