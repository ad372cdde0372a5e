"""A connection of the event-loop server that a handler has taken over.

Rule: the transport's news come here and no longer to the Client. The connection is there until
both the handler has returned and the client is gone.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from asyncweb.errors import ClientGone
from asyncweb.http.bytestream import Home, Watcher
from asyncweb.http.fields import Headers
from asyncweb.http.wire import switching_head
from asyncweb.servers.aio_peer import Peer
from asyncweb.servers.patience import Patience

IN_A_ROW = 16  # reads and writes without a wait; then others have their turn


class LoopStream(Peer):
    """The ByteStream of an event loop; also one of the engine's clients."""

    __slots__ = (
        "_cut", "_ended", "_handler", "_in_a_row", "_lost", "_made", "_news", "_paused",
        "_received", "watcher",
    )  # fmt: skip
    lock: AbstractContextManager[Any] = nullcontext()  # all is done on the loop's thread

    def __init__(self, client: Peer, received: bytes):
        self._engine, self.connection = client._engine, client.connection
        self._transport, self._outbox = client._transport, client._outbox
        self.address = client.address
        self.watcher: Watcher | None = None
        self._handler = asyncio.current_task(self._engine.loop)
        self._received = bytearray(received)
        self._news: asyncio.Future[None] | None = None  # set while a task reads
        self._paused = False  # the transport does not read, because too much waits here
        self._ended = False  # the client says no more, or shall not
        self._lost = False
        self._lingering = False  # the handler has returned
        self._cut = False  # the server has stopped, and waits no longer
        self._in_a_row = 0
        self._patience = Patience()
        self._made = time.perf_counter()

    @classmethod
    def of(cls, client: Peer, upgrade: str | None, headers: Headers) -> LoopStream:
        """What `client` is connected to; with `upgrade`, a 101 is sent first.

        Raises RuntimeError where no task runs that could wait, ClientGone when the client has left.
        """
        engine, transport = client._engine, client._transport
        if asyncio.current_task(engine.loop) is None:
            raise RuntimeError("a connection is taken over by an `async def` handler, as a task")
        if transport.is_closing():
            raise ClientGone("the client has left")
        date = engine.date.now()
        head = b"" if upgrade is None else switching_head(upgrade, headers.fields(), date)
        stream = cls(client, client.connection.take_over())
        stream.put(head)
        engine.clients.discard(client)
        engine.clients.add(stream)
        transport.set_protocol(stream)
        transport.resume_reading()
        return stream

    # ------------------------------------------------------------------ news from the transport

    def data_received(self, data: bytes) -> None:
        """The client says something."""
        if self._lingering:
            return
        self._received += data
        self._tell_news()
        if len(self._received) >= self._engine.limits.buffer_bytes and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """The client says no more; we may."""
        self._end()
        return not self._lingering

    def pause_writing(self) -> None:
        """The client does not read."""
        self._outbox.pause()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._outbox.resume()
        if self.watcher is not None:
            self.watcher.flush()

    def connection_lost(self, error: Exception | None) -> None:
        """The client has left. The handler hears of it where it reads and writes."""
        self._lost = True
        self._outbox.resume()
        self._end()
        if self._lingering:
            self._depart()
        elif self._cut:
            self._give_up()
        else:  # the handler may wait for what only this client would bring
            self._engine.loop.call_later(self._engine.limits.half_closed_s, self._end_handler)

    def _give_up(self) -> None:
        """Lets the handler come to its end without us."""
        self._depart()
        if self._handler is not None:
            self._engine.let_finish(self._handler)
            self._engine.loop.call_soon(self._end_handler)

    def _end_handler(self) -> None:
        # Once: a second time would break off its cleaning up.
        if self._handler is not None and not self._handler.cancelling():
            self._handler.cancel()

    def _end(self) -> None:
        self._ended = True
        self._tell_news()

    def _tell_news(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    # ------------------------------------------------------------------ ByteStream, for the handler

    async def read(self) -> bytes:
        """The next bytes; b"" at the end."""
        if self._news is not None:
            raise RuntimeError("two tasks read one connection; let one of them read and share it")
        if self._received:
            await self._let_others()
        while (data := self.read_now()) is None:
            self._in_a_row = 0
            self._news = self._engine.loop.create_future()
            try:
                await self._news
            finally:
                self._news = None
        return data

    def read_now(self) -> bytes | None:
        """What has come; b"" at the end; None when something may still come."""
        if not self._received:
            return b"" if self._ended else None
        data = bytes(self._received)
        self._received.clear()
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        return data

    async def write(self, data: bytes) -> None:
        """Sends `data`; waits while the client is slow."""
        await self.room()
        self.put(data)

    async def room(self) -> None:
        """Waits until there is room."""
        await self._let_others()
        while not self.closed and self._outbox.drained is not None:
            await asyncio.wait([self._outbox.drained])  # which a cancelled waiter leaves alone
        if self.closed:
            raise ClientGone("the client has left, or the connection was closed")

    def put(self, data: bytes) -> None:
        """Sends `data`, or keeps it until the client takes it."""
        if not self.closed:
            self._outbox.write(data)

    @property
    def is_read(self) -> bool:
        """Whether some task waits for what comes next."""
        return self._news is not None

    @property
    def home(self) -> Home:
        """The engine."""
        return self._engine

    @property
    def has_room(self) -> bool:
        """Whether the client has taken most of what was put."""
        return self._outbox.drained is None

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Ends the connection when all is sent that was written."""
        self._received.clear()
        self._end()
        self._transport.close()

    def abort(self) -> None:
        """Drops the client at once, with a reset; while the server stops, the handler ends too."""
        self._cut = self.connection.draining
        super().abort()
        if self._cut and self._lost:  # no further news will come
            self._give_up()

    async def _let_others(self) -> None:
        self._in_a_row += 1
        if self._in_a_row > IN_A_ROW:
            self._in_a_row = 0
            await asyncio.sleep(0)

    # ------------------------------------------------------------------ for the engine

    def since(self, began: float) -> float:
        """When it would have begun, did it end now: what counts is the time up to the take-over."""
        return began + time.perf_counter() - self._made

    def returned(self) -> None:
        """The handler is at its end: parts from the client, who may still have to read."""
        self._lingering, self.watcher, self._handler = True, None, None
        self._received.clear()
        if self._lost:
            self._depart()
        elif self._ended or not self._transport.can_write_eof():
            self._transport.close()
        elif not self._transport.is_closing():
            self._transport.write_eof()
            self._transport.resume_reading()

    def leave_if_idle(self, now: float, recent_s: float) -> None:
        """The server stops: the conversation is to come to its end."""
        if self._lingering:
            self._transport.close()  # when the last word has left
        elif self.watcher is not None:
            self.watcher.leave()
        else:
            self._end()

    def check_patience(self, now: float) -> None:
        """Called about once a second."""
        if not self._waits_for_reader(now):
            self._patience.sample(None, now)
        if self.watcher is not None and not self._lost:
            self.watcher.look(now)

    def _depart(self) -> None:
        if self in self._engine.clients:
            self._engine.clients.discard(self)
            self._engine.admission.leave(self.address[0])
