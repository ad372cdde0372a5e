"""One client of the event-loop server.

Rule: requests are answered in their order. While a handler waits, or the client does not read,
nothing more of this client is answered, and soon nothing more is read.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, cast

from asyncweb.errors import ProtocolError
from asyncweb.http.fields import Headers
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.messages import Request
from asyncweb.servers.address import client_address
from asyncweb.servers.admission import TOLD_AT_ONCE, ask_app
from asyncweb.servers.aio_sender import Sender
from asyncweb.servers.options import allow_delay
from asyncweb.servers.outbox import Outbox
from asyncweb.servers.patience import Patience
from asyncweb.servers.spelling import new_connection, spelled_refusal

if TYPE_CHECKING:
    from asyncweb.servers.aio import EventLoopEngine
    from asyncweb.servers.aio_stream import LoopStream


class Client(Sender):
    """Carries bytes between one transport and its Connection; the Link of its requests."""

    __slots__ = ("_counted", "_news", "_paused", "_said_all", "_task", "scheme")

    def __init__(self, engine: EventLoopEngine):
        self._engine = engine
        self.scheme = engine.scheme
        self.connection = new_connection(engine)
        self._patience = Patience()
        self._task: asyncio.Task[None] | None = None
        self._news: asyncio.Future[None] | None = None  # set while a handler waits for its body
        self._paused = False  # we do not read, because too much waits for us
        self._said_all = False  # the client has closed its side
        self._lingering = False
        self._taken_over: LoopStream | None = None  # by the handler
        self._silence = None
        self._counted = False

    # ------------------------------------------------------------------ news from the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The client is here."""
        self._transport = cast(asyncio.Transport, transport)
        self._outbox = Outbox(self._engine.loop, self._transport)
        self.address = client_address(transport.get_extra_info("peername"))
        if not self._engine.options.nodelay:
            allow_delay(transport.get_extra_info("socket"))
        self._engine.clients.add(self)
        refusal = self._engine.admission.enter(self.address[0])
        self._counted = refusal is None
        if refusal is not None:
            self.turn_away(refusal)
        elif self._engine.app.greets:
            self._start(ask_app(self, self._engine))

    def data_received(self, data: bytes) -> None:
        """The client says something."""
        if self._lingering:
            return
        if self._task is None and self._outbox.drained is None:
            request = self.connection.alone(data)
            if request is not None:
                self._answer_alone(request)
                return
        self.connection.receive(data)
        self._go_on()
        if self._task is not None or self._outbox.drained is not None:
            self._pause_if_full()

    def eof_received(self) -> bool:
        """The client says no more. What it has asked for is answered: many only close one side."""
        self._said_all = True
        self.connection.end()
        if not self._lingering:
            self._go_on()
        return not self.connection.closing or self.connection.answering

    def pause_writing(self) -> None:
        """The client does not read; what it asks for waits."""
        self._outbox.pause()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._outbox.resume()
        if self._task is None and not self._lingering:
            self._answer()

    def connection_lost(self, error: Exception | None) -> None:
        """The client has left, or was let go."""
        self.connection.close()
        self._engine.clients.discard(self)
        if self._counted:
            self._engine.admission.leave(self.address[0])
        if self._outbox.drained is not None:
            self._outbox.drained.cancel()
        if self._task is not None:
            self._task.cancel()
            self._engine.let_finish(self._task)  # it may have to clean up
        if self._news is not None and not self._news.done():
            self._news.set_result(None)  # to a task that is not the handler's own

    # ------------------------------------------------------------------ Link, for the request

    @property
    def closed(self) -> bool:
        """Whether the client has closed its side, or is gone."""
        return self._said_all or self._transport.is_closing()

    async def more(self, body: IncomingBody) -> None:
        """Reads on, and waits until something has come."""
        if self._news is not None:
            raise RuntimeError("two tasks read one body; let one of them read and share it")
        self._outbox.write(self.connection.take_continue())
        self._read_on()
        self._news = self._engine.loop.create_future()
        try:
            await self._news
        finally:
            self._news = None

    async def take_over(self, upgrade: str | None, headers: Headers) -> LoopStream:
        """The transport's bytes from here on, as the handler's own."""
        from asyncweb.servers.aio_stream import LoopStream  # loaded by those who take over

        self._taken_over = LoopStream.of(self, upgrade, headers)
        return self._taken_over

    def _go_on(self) -> None:
        """Something new is there: for a handler that waits for its body, or to be answered."""
        news = self._news
        if news is not None and not news.done():
            news.set_result(None)
        elif self._task is None and self._outbox.drained is None:
            self._answer()

    def _pause_if_full(self) -> None:
        if self.connection.full and not self._paused and not self._lingering:
            self._paused = True
            self._transport.pause_reading()

    def _read_on(self) -> None:
        if self._paused and not self.connection.full:
            self._paused = False
            self._transport.resume_reading()

    # ------------------------------------------------------------------ answering

    def _answer(self) -> None:
        """Answers what has been asked, as far as that goes without waiting."""
        outbox, connection = self._outbox, self.connection
        while outbox.drained is None and (request := connection.next_request()) is not None:
            reply = self._answer_now(request)
            if isinstance(reply, bytes):
                outbox.put(reply)
                continue
            outbox.flush()  # before the task starts: it may run, and write, at once
            self._start(reply)
            if self._task is not None:
                return
        outbox.flush()
        if connection.closing:
            self._part()
            return
        if interim := connection.take_continue():
            outbox.write(interim)
        if self._paused:
            self._read_on()

    def _answer_alone(self, request: Request) -> None:
        """Answers `request`, the only one that is there."""
        reply = self._answer_now(request)
        if not isinstance(reply, bytes):
            self._start(reply)
            if self._task is None:
                self._answer()
            return
        self._outbox.write(reply)
        if self.connection.closing:
            self._part()

    def _answer_now(self, request: Request | ProtocolError) -> bytes | Coroutine[Any, Any, None]:
        """The bytes of the answer, or, when that has to wait, what is left to be done."""
        engine = self._engine
        if isinstance(request, ProtocolError):
            return spelled_refusal(self, request, engine)
        request.link = self
        ctx = engine.app.context(request, engine)
        began = time.perf_counter()
        if engine.app.suspends(ctx):
            return self._respond(ctx, began)
        try:
            response = contextvars.copy_context().run(engine.app.respond_here, ctx, "")
        except BaseException as error:  # a KeyboardInterrupt here would end the loop for everyone
            response = engine.app.fail(ctx, error)
        return self._spelled(ctx, response, began) or self._send(ctx, response, began)

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
        if self._taken_over is not None or not self._transport.is_closing():
            self._answer()

    def _check(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or task.exception() is not None:
            self.abort()

    # ------------------------------------------------------------------ parting

    def _part(self) -> None:
        """Closes; gently, when the client may still be sending and has not read our last word."""
        if self._taken_over is not None:
            self._taken_over.returned()
        elif self._said_all or not self._client_goes_on:
            self._transport.close()
        elif not self._lingering:
            self._lingering, self._paused = True, False
            self._transport.write_eof()
            self._transport.resume_reading()

    def turn_away(self, refusal: ProtocolError) -> None:
        """Answers nothing but `refusal`, then closes; without a word, when many are being told."""
        if len(self._engine.clients) > self._engine.limits.connections + TOLD_AT_ONCE:
            self.abort()
        else:
            self.connection.turn_away(refusal)
            self._answer()

    # ------------------------------------------------------------------ patience

    def check_patience(self, now: float) -> None:
        """Called about once a second: ends waits that have lasted too long."""
        limits, connection, outbox = self._engine.limits, self.connection, self._outbox
        if self._waits_for_reader(now):
            return
        if (stage := connection.waits_for) is not None:
            spent_s = self._patience.sample((stage, connection.taken), now)
            if spent_s > (connection.patience_s or 0.0):
                connection.expire()
                self._go_on()
        else:  # the handler's turn; a client that takes what it is sent is still there
            left = ("left", outbox.written) if self._said_all else None
            if self._patience.sample(left, now) > limits.half_closed_s:
                self.abort()
            else:
                self._beat(now)
