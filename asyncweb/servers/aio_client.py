"""One client of the event-loop server.

Rule: requests are answered one after the other, in their order. While a handler waits, or the
client does not read, nothing more of this client is answered, and soon nothing more is read.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import AsyncGenerator, Coroutine
from typing import TYPE_CHECKING, Any, cast

from asyncweb.connection import Connection
from asyncweb.context import Context
from asyncweb.errors import ProtocolError
from asyncweb.http.messages import Request, Response
from asyncweb.middleware import run_to_end
from asyncweb.servers.base import reset_on_close

if TYPE_CHECKING:
    from asyncweb.servers.aio import EventLoopEngine

LINGER_S = 2.0  # how long a refused client may take to read why


class Client(asyncio.Protocol):
    """Carries bytes between one transport and its Connection."""

    __slots__ = (
        "_drained", "_engine", "_last_wait", "_lingering", "_peer", "_served", "_since", "_task",
        "_transport", "_unread", "connection",
    )  # fmt: skip

    def __init__(self, engine: EventLoopEngine):
        self._engine = engine
        self.connection = Connection(engine.limits, engine.keep_alive)
        self._task: asyncio.Task[None] | None = None
        self._drained: asyncio.Future[None] | None = None  # set while the client does not read
        self._unread = False  # we do not read, because too much waits to be answered
        self._lingering = False
        self._served = 0
        self._since = time.monotonic()
        self._last_wait: Any = None

    # ------------------------------------------------------------------ news from the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is here."""
        self._transport = cast(asyncio.Transport, transport)
        self._peer = transport.get_extra_info("peername")
        self._engine.clients.add(self)

    def data_received(self, data: bytes) -> None:
        """The client says something."""
        if self._lingering:
            return
        self.connection.receive(data)
        if self._task is None and self._drained is None:
            self._answer()
        elif self.connection.full and not self._unread:
            self._unread = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """The client says no more. If a handler still works for it, nobody waits for the answer."""
        return False  # the transport closes, and connection_lost cancels what still runs

    def pause_writing(self) -> None:
        """The client does not read; what it asks for waits."""
        self._drained = self._engine.loop.create_future()

    def resume_writing(self) -> None:
        """The client reads again."""
        drained, self._drained = self._drained, None
        if drained is not None and not drained.done():
            drained.set_result(None)
        if self._task is None and not self._lingering:
            self._answer()

    def connection_lost(self, error: Exception | None) -> None:
        """The client has left, or was let go."""
        self.connection.close()
        self._engine.clients.discard(self)
        if self._drained is not None:
            self._drained.cancel()
        if self._task is not None:
            self._task.cancel()

    # ------------------------------------------------------------------ answering

    def _answer(self) -> None:
        """Answers what has been asked, as far as that goes without waiting."""
        connection = self.connection
        replies: list[bytes] = []
        while self._drained is None and (request := connection.next_request()) is not None:
            if isinstance(request, ProtocolError):
                response = self._engine.app.refuse(request)
                replies.append(connection.reply(response, self._engine.date.now()))
                self._lingering = True
                continue
            reply = self._answer_now(request)
            if isinstance(reply, bytes):
                replies.append(reply)
                continue
            self._write(replies)  # before the task starts: it may run, and write, at once
            replies = []
            self._start(reply)
            if self._task is not None:
                return
        self._write(replies)
        self._after_answers()

    def _write(self, replies: list[bytes]) -> None:
        if replies:
            self._transport.write(b"".join(replies))

    def _answer_now(self, request: Request) -> bytes | Coroutine[Any, Any, None]:
        """The bytes of the answer, or, when that has to wait, what is left to be done."""
        engine = self._engine
        request.client = self._peer
        ctx = engine.app.context(request, engine)
        began = time.perf_counter()
        if engine.app.suspends(ctx):
            return self._respond(ctx, began)
        try:
            response = contextvars.copy_context().run(run_to_end, engine.app.respond(ctx), "")
        except BaseException as error:  # a KeyboardInterrupt here would end the loop for everyone
            response = engine.app.fail(ctx, error)
        if not isinstance(response.body, bytes):
            return self._send(ctx, response, began)
        reply = self.connection.reply(response, engine.date.now())
        self._ended(ctx, response, began)
        return reply

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = self._engine.spawn(coroutine)
        if task.done():
            self._check(task)
            return
        self._task = task
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._task = None
        self._check(task)
        if not self._transport.is_closing():
            self._answer()

    def _check(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is not None:
            self.abort()

    async def _respond(self, ctx: Context, began: float) -> None:
        try:
            response = await self._engine.app.respond(ctx)
        except BaseException as error:
            if self._transport.is_closing():
                raise  # cancelled, because the client has left
            response = self._engine.app.fail(ctx, error)
        await self._send(ctx, response, began)

    async def _send(self, ctx: Context, response: Response, began: float) -> None:
        reply = self.connection.reply(response, self._engine.date.now())
        if not response.streams:
            self._ended(ctx, response, began)
            self._transport.write(reply)
            return
        try:
            await self._stream(reply, response)
        except Exception as error:
            self._engine.failed(ctx.request, error)
            raise
        self._ended(ctx, response, began)

    async def _stream(self, head: bytes, response: Response) -> None:
        pieces = _pieces(response.body)
        self._transport.write(head)
        try:
            if self.connection.wants_body:
                await self._write_all(pieces)
        finally:
            await pieces.aclose()
        self._transport.write(self.connection.finish())

    async def _write_all(self, pieces: AsyncGenerator[bytes | str, None]) -> None:
        async for piece in pieces:
            if self._drained is not None:
                await self._drained
            self._transport.write(self.connection.piece(piece))

    def _ended(self, ctx: Context, response: Response, began: float) -> None:
        route = ctx.route.pattern if ctx.route else ""
        self._engine.observer.ended(route, response.status, time.perf_counter() - began)
        self._served += 1

    def _after_answers(self) -> None:
        if self._lingering:
            self._linger()
        elif self.connection.closing:
            self._transport.close()
        else:
            if interim := self.connection.take_continue():
                self._transport.write(interim)
            if self._unread and not self.connection.full:
                self._unread = False
                self._transport.resume_reading()

    def _linger(self) -> None:
        # Closing now, with bytes of the client unread, would reset the connection and take the
        # refusal with it: say that we are done, and read on for a while.
        self._since = time.monotonic()
        if self._transport.can_write_eof() and not self._transport.is_closing():
            self._transport.write_eof()

    # ------------------------------------------------------------------ patience

    def check_patience(self, now: float) -> None:
        """Called about once a second: ends waits that have lasted too long."""
        if self._lingering:
            if now - self._since > LINGER_S:
                self.abort()
            return
        unsent = self._transport.get_write_buffer_size() if self._drained is not None else 0
        wait = (self.connection.waits_for, self._served, unsent)
        if wait != self._last_wait:
            self._last_wait, self._since = wait, now
        elif unsent:
            if now - self._since > self._engine.limits.write_s:
                self.abort()
        else:
            self._check_wait(now - self._since)

    def _check_wait(self, waited_s: float) -> None:
        patience_s = self.connection.patience_s
        if patience_s is not None and waited_s > patience_s:
            self.connection.expire()
            self._answer()

    def leave_if_idle(self, now: float, recent_s: float) -> None:
        """While the server stops: closes when nothing is asked, and nothing was just answered."""
        wait = (self.connection.waits_for, self._served, 0)
        if wait != self._last_wait and not self._lingering:
            self._last_wait, self._since = wait, now
        elif now - self._since < recent_s:
            return
        elif self._lingering:
            self.abort()
        elif self.connection.idle:
            self._transport.close()

    def abort(self) -> None:
        """Drops the client at once, with a reset."""
        reset_on_close(self._transport.get_extra_info("socket"))
        self._transport.abort()


async def _pieces(body: Any) -> AsyncGenerator[bytes | str, None]:
    """The pieces of a streamed body; a plain iterator gives way to others after each."""
    if hasattr(body, "__aiter__"):
        try:
            async for piece in body:
                yield piece
        finally:
            if hasattr(body, "aclose"):
                await body.aclose()
        return
    try:
        for piece in body:
            yield piece
            await asyncio.sleep(0)
    finally:
        if hasattr(body, "close"):
            body.close()
