"""One client of the thread-per-request server.

Rule: everything here blocks, and that is its beauty: read, answer, read again. Each wait has an
end, because a client that says nothing would hold its thread for ever.
"""

from __future__ import annotations

import contextlib
import contextvars
import socket
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from asyncweb.connection import Connection
from asyncweb.context import Context
from asyncweb.errors import ProtocolError, ServerError
from asyncweb.http.messages import Request, Response
from asyncweb.middleware import run_to_end
from asyncweb.servers.base import reset_on_close
from asyncweb.servers.loopless import ADVICE

if TYPE_CHECKING:
    from asyncweb.servers.threads import ThreadEngine

RECEIVE_BYTES = 64 * 1024
LINGER_S = 2.0  # how long a refused client may take to read why


class Client:
    """Carries bytes between one socket and its Connection."""

    def __init__(self, engine: ThreadEngine, sock: socket.socket, address: tuple[str, int]):
        self._engine = engine
        self._socket = sock
        self._address = address
        self.connection = Connection(engine.limits, engine.keep_alive)
        self._since = time.monotonic()  # when the present wait began
        self._waits_for = self.connection.waits_for
        self._lingering = False
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        engine.arrived(self)

    def fileno(self) -> int:
        """The socket's descriptor, for a selector."""
        return self._socket.fileno()

    def serve(self) -> None:
        """Reads and answers until the conversation is over; then nothing of it is left."""
        while self.converse():
            pass

    def converse(self) -> bool:
        """Reads once and answers what that completed; a client that does not stay is let go."""
        stays = False
        try:
            stays = self._take_turn()
        except OSError:
            pass  # the client has gone by itself
        finally:
            if not stays:
                self.leave()
        return stays

    def leave(self) -> None:
        """Closes the socket and forgets the conversation."""
        self.connection.close()
        self._socket.close()
        self._engine.left(self)

    # ------------------------------------------------------------------ reading

    def _take_turn(self) -> bool:
        if self.connection.waits_for is not None:
            data = self._receive()
            if data == b"":
                return False
            if data is not None:
                self.connection.receive(data)
        self._answer()
        return not self.connection.closing

    def _receive(self) -> bytes | None:
        """What the client says; b"" when it has left; None when the patience with it ended."""
        if self.expire_if_late(time.monotonic()):
            return None
        patience_s = self.connection.patience_s or 0.0
        self._socket.settimeout(max(patience_s - (time.monotonic() - self._since), 0.001))
        try:
            return self._socket.recv(RECEIVE_BYTES)
        except TimeoutError:
            self.expire_if_late(time.monotonic())
            return None

    def expire_if_late(self, now: float) -> bool:
        """Ends a wait that has lasted too long; whether it did."""
        if self.connection.waits_for is not self._waits_for:
            self._waits_for, self._since = self.connection.waits_for, now
        patience_s = self.connection.patience_s
        if patience_s is None or now - self._since < patience_s:
            return False
        self.connection.expire()
        return True

    # ------------------------------------------------------------------ answering

    def _answer(self) -> None:
        """Answers what has been asked, in its order; pipelined answers leave together."""
        connection = self.connection
        replies: list[bytes] = []
        while (request := connection.next_request()) is not None:
            self._waits_for = None
            if isinstance(request, ProtocolError):
                self._refuse(request, replies)
                return
            ctx, began = self._begin(request)
            response = self._respond(ctx)
            reply = connection.reply(response, self._engine.date.now())
            replies.append(reply)
            if response.streams:
                self._send(b"".join(replies))
                replies = []
                self._stream(ctx, response)
            self._ended(ctx, response, began)
            self._since = time.monotonic()
        replies.append(connection.take_continue())
        self._send(b"".join(replies))

    def _begin(self, request: Request) -> tuple[Context, float]:
        request.client = self._address
        return self._engine.app.context(request, self._engine), time.perf_counter()

    def _respond(self, ctx: Context) -> Response:
        try:
            respond = self._engine.app.respond(ctx)
            # In a context of its own: what one request sets, the next shall not see.
            response: Response = contextvars.copy_context().run(run_to_end, respond, ADVICE)
            return response
        except BaseException as error:  # whatever a handler raises, its client gets an answer
            return self._engine.app.fail(ctx, error)

    def _stream(self, ctx: Context, response: Response) -> None:
        pieces = _pieces(response.body)
        try:
            if self.connection.wants_body:
                for piece in pieces:
                    self._send(self.connection.piece(piece))
            pieces.close()
            self._send(self.connection.finish())
        except BaseException as error:
            pieces.close()
            if not isinstance(error, OSError):
                self._engine.failed(ctx.request, error)
            reset_on_close(self._socket)
            raise ConnectionAbortedError("a stream broke off") from error

    def _ended(self, ctx: Context, response: Response, began: float) -> None:
        route = ctx.route.pattern if ctx.route else ""
        self._engine.observer.ended(route, response.status, time.perf_counter() - began)

    def _send(self, data: bytes) -> None:
        """Sends all of it. Raises OSError when the client has left, or reads nothing too long."""
        self._socket.settimeout(self._engine.limits.write_s)
        view = memoryview(data)
        while view:
            view = view[self._socket.send(view) :]

    # ------------------------------------------------------------------ parting

    def _refuse(self, error: ProtocolError, replies: list[bytes]) -> None:
        response = self._engine.app.refuse(error)
        replies.append(self.connection.reply(response, self._engine.date.now()))
        self._send(b"".join(replies))
        self._linger()

    def _linger(self) -> None:
        # Closing now, with bytes of the client unread, would reset the connection and take the
        # refusal with it: say that we are done, and read on for a while.
        self._lingering, self._since = True, time.monotonic()
        end = self._since + LINGER_S
        self._socket.shutdown(socket.SHUT_WR)
        while (left_s := end - time.monotonic()) > 0:
            self._socket.settimeout(left_s)
            if not self._socket.recv(RECEIVE_BYTES):
                return

    def turn_away(self, reason: ServerError) -> None:
        """Tells the client 503, without waiting for it, and lets it go."""
        error = ProtocolError(503, str(reason), {"retry-after": "1"})
        reply = self.connection.reply(self._engine.app.refuse(error), self._engine.date.now())
        with contextlib.suppress(OSError):
            self._socket.setblocking(False)
            self._socket.send(reply)
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.recv(RECEIVE_BYTES)  # what came before must not reset what we said
        self.leave()

    def leave_if_idle(self, now: float, recent_s: float) -> None:
        """While the server stops: wakes the thread that waits for what nobody will send."""
        if (self.connection.idle or self._lingering) and now - self._since >= recent_s:
            self._shut(socket.SHUT_RD)

    def abort(self) -> None:
        """Drops the client at once; its thread notices when it next reads or writes."""
        self._shut(socket.SHUT_RDWR)

    def _shut(self, how: int) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(how)


def _pieces(body: Any) -> Generator[Any, None, None]:
    """The pieces of a streamed body, an asynchronous one driven to its end by this thread."""
    if not hasattr(body, "__aiter__"):
        try:
            yield from body
        finally:
            if hasattr(body, "close"):
                body.close()
        return
    stream = body.__aiter__()
    try:
        while True:
            try:
                yield run_to_end(_next(stream), ADVICE)
            except StopAsyncIteration:
                return
    finally:
        if hasattr(stream, "aclose"):
            run_to_end(stream.aclose(), ADVICE)


async def _next(stream: Any) -> Any:
    return await stream.__anext__()
