"""One client of the thread-per-request server.

Rule: the conversation is written as it is held: read, answer, read again. Wherever it has to wait
for the client it yields what it waits for, and whoever runs it (a thread of its own, or the next
free one of a pool) goes on when that has come. A handler just blocks.
"""

from __future__ import annotations

import contextlib
import contextvars
import socket
import threading
import time
from collections.abc import Generator
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, Any, TypeAlias

from asyncweb.context import Context
from asyncweb.errors import ClientGone, ProtocolError
from asyncweb.http.fields import Headers
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.messages import Request, Response, switched
from asyncweb.http.wire import switching_head
from asyncweb.loopless import ADVICE
from asyncweb.pieces import pieces_for_thread
from asyncweb.servers.base import reset_on_close
from asyncweb.servers.observer import Failure
from asyncweb.servers.patience import Patience
from asyncweb.servers.spelling import new_connection, spelled, spelled_refusal
from asyncweb.servers.thread_heart import beating
from asyncweb.servers.thread_peer import Peer
from asyncweb.servers.thread_stream import ThreadStream
from asyncweb.servers.thread_tls import say_goodbye
from asyncweb.servers.thread_welcome import welcome
from asyncweb.servers.waiting import has_come, is_closed_by_peer

if TYPE_CHECKING:
    from asyncweb.servers.threads import ThreadEngine

RECEIVE_BYTES = 64 * 1024
# What one client is answered before another gets this thread of a pool. An answer counts by its
# size, and for the work that even a short one is.
TURN_BYTES, ANSWER_BYTES = 64 * 1024, 2 * 1024
_NO_MORE: Any = object()  # after the last piece of a stream
Turns: TypeAlias = Generator[int, None, None]  # yields EVENT_READ or EVENT_WRITE


class Client(Peer):
    """Carries bytes between one socket and its Connection; the Link of its requests."""

    def __init__(self, engine: ThreadEngine, sock: socket.socket, address: tuple[str, int]):
        self._engine = engine
        self._socket: Any = sock  # or one that encrypts, in its place
        self.address, self.scheme = address, engine.scheme
        self.refusal: ProtocolError | None = None  # what it is told instead of being served
        self.thread: threading.Thread | None = None  # its own; it has none in a pool
        self.connection = new_connection(engine)
        self._cut = self.lingering = False  # lingering: the last word is said, and may be read
        self._patience = Patience()
        self._taken_over: ThreadStream | None = None  # by the handler
        self._listens = self._has_heard = False  # for requests; something of one has been read
        self._turns = self._converse()
        self._waits_for = EVENT_READ
        self._since = time.monotonic()  # when the present wait began
        sock.setblocking(False)

    def fileno(self) -> int:
        """The socket's descriptor, for a selector."""
        return int(self._socket.fileno())

    # ------------------------------------------------------------------ for those who run it

    def serve(self) -> None:
        """Holds the whole conversation in this thread."""
        while (event := self.turn()) is not None:
            self._wait(event)

    def turn(self) -> int | None:
        """Goes on until the client is waited for; says for what. None: the conversation is over."""
        try:
            event = next(self._turns, None)
        except Exception as error:  # ours: whoever runs this has other clients to serve
            self._engine.observer.failed(Failure.of("a conversation", error))
            return None
        if event is not None:
            self._waits_for, self._since = event, time.monotonic()
        return event

    def hear(self) -> bool:
        """Reads what has come; whether it takes a turn to go on from there.

        So a pool spends none of its threads on half a request, however many clients send such.
        """
        if not self._listens:
            return True
        try:
            self._receive()
        except OSError:  # which the turn will meet as well
            return True
        self._has_heard = True
        return self.connection.has_work

    def leave_if_idle(self, recent_s: float) -> None:
        """While the server stops: ends the wait for what nobody will send."""
        if self._taken_over is not None and not self.lingering:
            self._taken_over.end(recent_s)
        elif self.lingering or (self.connection.idle and self._waited_s >= recent_s):
            self._shut(socket.SHUT_RD)

    def drop(self) -> None:
        """Resets the connection of a client with whom no conversation has begun."""
        reset_on_close(self._socket)
        self.leave()

    def leave(self) -> None:
        """Closes the socket and forgets the conversation, which must not be in a turn."""
        self._turns.close()
        self._close()

    # ------------------------------------------------------------------ Link, for the request

    @property
    def closed(self) -> bool:
        """Whether the client has closed its side, or is gone."""
        try:
            return is_closed_by_peer(self._socket)
        except (OSError, ValueError):  # reset, or closed by us
            return True

    async def more(self, body: IncomingBody) -> None:
        """Reads in this thread until something has come."""
        try:
            for event in self._send(self.connection.take_continue()):
                self._wait(event)
            while not body.waiting_bytes and not body.ended:
                self._wait(EVENT_READ)
                self._receive()
        except OSError:
            self.connection.close()  # which the body's reader is told

    async def room(self) -> None:
        """At once: this thread has sent all there is before it runs the handler on."""

    async def take_over(self, upgrade: str | None, headers: Headers) -> ThreadStream:
        """The socket's bytes from here on, as the handler's own; to upgrade, a 101 goes first."""
        date = self._engine.date.now()
        head = b"" if upgrade is None else switching_head(upgrade, headers.fields(), date)
        received = self.connection.take_over()
        self._taken_over = ThreadStream(self._engine, self, received)
        self._taken_over.put(head)
        return self._taken_over

    # ------------------------------------------------------------------ the conversation

    def _converse(self) -> Turns:
        try:
            self._socket = yield from welcome(self._engine, self, self._socket)
            while not self.connection.closing:
                if self.connection.waits_for is not None:
                    yield from self._listen()
                yield from self._answer()
            yield from say_goodbye(self._socket)
            yield from self._part()
        except OSError:
            pass  # the client has gone by itself
        finally:
            self._close()

    def _listen(self) -> Turns:
        self._listens, self._has_heard = True, False
        yield EVENT_READ
        self._listens = False
        if not self._has_heard:
            self._receive()

    def _receive(self) -> None:
        try:
            data = self._socket.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        if data:
            self.connection.receive(data)
        else:
            self.connection.end()

    def _answer(self) -> Turns:
        """Answers what has been asked, in its order; pipelined answers leave together."""
        connection = self.connection
        replies: list[bytes] = []
        left_bytes = TURN_BYTES
        while (request := connection.next_request()) is not None:
            if isinstance(request, ProtocolError):
                replies.append(spelled_refusal(self, request, self._engine))
                break
            ctx, began = self._begin(request)
            if replies and (request.incoming is not None or self._engine.app.suspends(ctx)):
                yield from self._send(b"".join(replies))  # before this thread waits
                replies = []
            response = self._respond(ctx)
            if self._taken_over is not None:
                self._engine.ended(ctx, switched(), self._taken_over.since(began))
                self._taken_over.returned()
                return
            response, reply = spelled(connection, ctx, response, self._engine)
            replies.append(reply)
            left_bytes -= len(reply) + ANSWER_BYTES
            if response.streams or left_bytes <= 0:
                try:
                    yield from self._deliver(b"".join(replies), ctx, response)
                except BaseException:
                    self._engine.broke_off(ctx, response, began)
                    raise
                replies = []
            self._engine.ended(ctx, response, began)
            if left_bytes <= 0:
                yield EVENT_WRITE  # and another's turn
                left_bytes = TURN_BYTES
        replies.append(connection.take_continue())
        yield from self._send(b"".join(replies))

    def _begin(self, request: Request) -> tuple[Context, float]:
        request.link = self
        # A context of its own: what one request sets, the next shall not see.
        self._context = contextvars.copy_context()
        return self._engine.app.context(request, self._engine), time.perf_counter()

    def _respond(self, ctx: Context) -> Response:
        try:
            return self._context.run(self._engine.app.respond_here, ctx, ADVICE)
        except BaseException as error:  # whatever a handler raises, its client gets an answer
            return self._engine.app.fail(ctx, error)

    def _deliver(self, data: bytes, ctx: Context, response: Response) -> Turns:
        """Sends `data`, and what comes after it in a stream."""
        if response.streams:
            yield from self._stream(data, ctx, response)
        else:
            yield from self._send(data)

    def _stream(self, head: bytes, ctx: Context, response: Response) -> Turns:
        connection, body = self.connection, response.body
        pieces = pieces_for_thread(body, connection.wants_body)
        draw = partial(self._context.run, next, pieces, _NO_MORE)
        try:
            with contextlib.ExitStack() as leaving:
                leaving.callback(self._context.run, pieces.close)
                yield from self._send(head)
                beats = beating(self._engine.door, connection, body, self._socket)
                heart = leaving.enter_context(beats)
                while (piece := heart.draw(draw)) is not _NO_MORE:
                    yield from self._send(heart.take_owed() + connection.piece(piece))
                yield from self._send(heart.take_owed() + connection.finish())
        except BaseException as error:
            # What the client has broken off is no failure of the app.
            if not isinstance(error, ClientGone | ProtocolError | GeneratorExit):
                self._engine.failed(ctx.request, error)
            reset_on_close(self._socket)
            raise ClientGone("a stream broke off") from error

    def _send(self, data: bytes) -> Turns:
        """Sends all of it. Raises ClientGone when the client has left."""
        view = memoryview(data)
        while view:
            if self._cut:
                raise ClientGone("cut off")
            try:
                sent = self._socket.send(view)
            except BlockingIOError:
                yield EVENT_WRITE
                continue
            except OSError as error:
                raise ClientGone(str(error)) from error
            view = view[sent:]
            self._patience.earn(sent / self._engine.limits.write_bytes_per_s)

    # ------------------------------------------------------------------ parting

    def _part(self) -> Turns:
        """Closes gently, when the client may still be sending and has not read our last word."""
        if self._cut or not (self.connection.client_goes_on or has_come(self._socket)):
            return
        self.lingering = True
        self._socket.shutdown(socket.SHUT_WR)
        while not self._cut:
            yield EVENT_READ
            with contextlib.suppress(BlockingIOError):
                if not self._socket.recv(RECEIVE_BYTES):
                    return

    def _close(self) -> None:
        self.connection.close()
        self._socket.close()
        self._engine.clients.leave(self)
