"""One client of the event-loop server.

Rule: requests are answered in their order. While a handler waits, or the client does not read,
nothing more of this client is answered, and soon nothing more is read.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

from asyncweb.connection import Connection
from asyncweb.context import Context
from asyncweb.coroutine import run_to_end
from asyncweb.errors import ProtocolError
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.messages import Request, Response
from asyncweb.servers.admission import TOLD_AT_ONCE
from asyncweb.servers.base import reset_on_close
from asyncweb.servers.patience import Patience
from asyncweb.servers.pieces import pieces_for_loop

if TYPE_CHECKING:
    from asyncweb.servers.aio import EventLoopEngine

LINGER_S = 2.0  # how long a refused client may take to read why
WRITTEN_TOGETHER = 16  # answers to pipelined requests, for each may be large


class Client(asyncio.Protocol):
    """Carries bytes between one transport and its Connection; the Link of its requests."""

    __slots__ = (
        "_counted", "_drained", "_engine", "_lingering", "_news", "_patience", "_paused",
        "_said_all", "_task", "_transport", "_unsent", "address", "connection",
    )  # fmt: skip

    def __init__(self, engine: EventLoopEngine):
        self._engine = engine
        self.connection = Connection(engine.limits, engine.keep_alive, engine.app.streams)
        self._patience = Patience()
        self._task: asyncio.Task[None] | None = None
        self._news: asyncio.Future[None] | None = None  # set while a handler waits for its body
        self._drained: asyncio.Future[None] | None = None  # set while the client does not read
        self._paused = False  # we do not read, because too much waits for us
        self._said_all = False  # the client has closed its side
        self._lingering = False
        self._counted = False
        self._unsent = 0  # bytes, when the client was last looked at

    # ------------------------------------------------------------------ news from the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is here."""
        self._transport = cast(asyncio.Transport, transport)
        self.address = transport.get_extra_info("peername") or ("", 0)  # gone already
        self._engine.clients.add(self)
        refusal = self._engine.admission.enter(self.address[0])
        self._counted = refusal is None
        if refusal is not None:
            self._turn_away(refusal)

    def data_received(self, data: bytes) -> None:
        """The client says something."""
        if self._lingering:
            return
        self.connection.receive(data)
        self._go_on()
        if (self._task or self._drained) and self.connection.full and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """The client says no more. What it has asked for is answered: many only close one side."""
        self._said_all = True
        self.connection.end()
        if not self._lingering:
            self._go_on()
        return not self.connection.closing

    def pause_writing(self) -> None:
        """The client does not read; what it asks for waits."""
        self._drained = self._engine.loop.create_future()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._patience.renew()
        drained, self._drained = self._drained, None
        if drained is not None and not drained.done():
            drained.set_result(None)
        if self._task is None and not self._lingering:
            self._answer()

    def connection_lost(self, error: Exception | None) -> None:
        """The client has left, or was let go."""
        self.connection.close()
        self._engine.clients.discard(self)
        if self._counted:
            self._engine.admission.leave(self.address[0])
        for waits in (self._drained, self._task):
            if waits is not None:
                waits.cancel()

    # ------------------------------------------------------------------ Link, for the request

    @property
    def closed(self) -> bool:
        """Whether the client has closed its side, or is gone."""
        return self._said_all or self._transport.is_closing()

    async def more(self, body: IncomingBody) -> None:
        """Reads on, and waits until something has come."""
        if self._news is not None:
            raise RuntimeError("two tasks read one body; let one of them read and share it")
        self._transport.write(self.connection.take_continue())
        self._read_on()
        self._news = self._engine.loop.create_future()
        try:
            await self._news
        finally:
            self._news = None

    def _go_on(self) -> None:
        """Something new is there: for a handler that waits for its body, or to be answered."""
        if self._news is not None and not self._news.done():
            self._news.set_result(None)
        elif self._task is None and self._drained is None:
            self._answer()

    def _read_on(self) -> None:
        if self._paused and not self.connection.full:
            self._paused = False
            self._transport.resume_reading()

    # ------------------------------------------------------------------ answering

    def _answer(self) -> None:
        """Answers what has been asked, as far as that goes without waiting."""
        connection = self.connection
        replies: list[bytes] = []
        while self._drained is None and (request := connection.next_request()) is not None:
            reply = self._answer_now(request)
            if isinstance(reply, bytes):
                replies.append(reply)
                if len(replies) < WRITTEN_TOGETHER:
                    continue
            self._transport.write(b"".join(replies))  # before a task starts, which writes too
            replies.clear()
            if not isinstance(reply, bytes):
                self._start(reply)
                if self._task is not None:
                    return
        if replies:
            self._transport.write(b"".join(replies))
        self._after_answers()

    def _answer_now(self, request: Request | ProtocolError) -> bytes | Coroutine[Any, Any, None]:
        """The bytes of the answer, or, when that has to wait, what is left to be done."""
        engine = self._engine
        if isinstance(request, ProtocolError):
            return self.connection.reply(engine.app.refuse(request), engine.date.now())
        request.link = self
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
        self._transport.write(head)
        async with aclosing(pieces_for_loop(response.body)) as pieces:
            if self.connection.wants_body:
                await self._write_all(pieces)
        self._transport.write(self.connection.finish())

    async def _write_all(self, pieces: AsyncGenerator[bytes | str, None]) -> None:
        async for piece in pieces:
            if self._drained is not None:
                await self._drained
            self._transport.write(self.connection.piece(piece))

    def _ended(self, ctx: Context, response: Response, began: float) -> None:
        self._engine.observer.ended(ctx.pattern, response.status, time.perf_counter() - began)

    def _after_answers(self) -> None:
        if self.connection.closing:
            self._part()
            return
        if interim := self.connection.take_continue():
            self._transport.write(interim)
        if self._paused:
            self._read_on()

    # ------------------------------------------------------------------ parting

    def _part(self) -> None:
        """Closes; gently, when the client may still be sending and has not read why we do not."""
        if self._said_all or not self.connection.client_goes_on:
            self._transport.close()
        elif not self._transport.is_closing() and not self._lingering:
            self._lingering = True
            self._transport.write_eof()
            self._transport.resume_reading()

    def _turn_away(self, refusal: ProtocolError) -> None:
        if len(self._engine.clients) > self._engine.limits.connections + TOLD_AT_ONCE:
            self.abort()
        else:
            self.connection.refuse(refusal)
            self._answer()

    def leave_if_idle(self, now: float, recent_s: float) -> None:
        """While the server stops: closes when nothing is asked, and nothing was just answered."""
        if self._lingering:
            self.abort()
        elif self.connection.idle:
            wait = ("stop", self.connection.taken)
            if self._patience.sample(wait, now) >= recent_s:
                self._transport.close()

    def abort(self) -> None:
        """Drops the client at once, with a reset."""
        if not self._transport.is_closing():
            reset_on_close(self._transport.get_extra_info("socket"))
        self._transport.abort()

    # ------------------------------------------------------------------ patience

    def check_patience(self, now: float) -> None:
        """Called about once a second: ends waits that have lasted too long."""
        limits, connection = self._engine.limits, self.connection
        before, self._unsent = self._unsent, self._transport.get_write_buffer_size()
        if self._unsent:
            taken_bytes = max(before - self._unsent, 0)
            spent_s = self._patience.sample("reader", now)
            self._patience.earn(taken_bytes / limits.write_bytes_per_s)
            if spent_s > limits.write_s:
                self.abort()
        elif self._lingering:
            if self._patience.sample("linger", now) > LINGER_S:
                self.abort()
        elif (stage := connection.waits_for) is not None:
            waited_s = self._patience.sample((stage, connection.taken), now)
            if waited_s > (connection.patience_s or 0.0):
                connection.expire()
                self._go_on()
        elif self._patience.sample("left" if self._said_all else None, now) > limits.half_closed_s:
            self.abort()
