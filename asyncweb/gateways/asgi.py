"""Our App as an ASGI 3 application: http; websocket and lifespan stand beside.

Rule: the host's loop is ours as well. A handler waits, blocks and is cancelled here as on
AsyncServer; what the client is sent waits until the host takes it.

Source: https://asgi.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from asyncweb.context import Context
from asyncweb.engine import offloaded
from asyncweb.errors import ClientGone, ProtocolError
from asyncweb.gateways.asgi_lifespan import live, work_on
from asyncweb.gateways.asgi_reply import Reply
from asyncweb.gateways.hosted import (
    HostedAnswer,
    HostedLink,
    allowed_bytes,
    below,
    cut_off,
    has_no_body,
    log_failure,
    quoted,
    request_of,
    too_large,
)
from asyncweb.http.bytestream import Watcher
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request

if TYPE_CHECKING:
    from asyncweb.app import App

T = TypeVar("T")
Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def serve_asgi(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers what `scope` describes. Raises ValueError for a kind of scope that ASGI 3 has not."""
    match scope["type"]:
        case "http":
            await HttpCall(app, scope, receive, send).serve()
        case "websocket":
            from asyncweb.gateways.asgi_websocket import WebSocketCall

            await WebSocketCall(app, scope, receive, send).serve()
        case "lifespan":
            await live(app, receive, send)
        case kind:
            raise ValueError(f"an ASGI scope of type {kind!r}: expected http, websocket, lifespan")


def target_of(scope: Scope) -> bytes:
    """The path below the app's root, percent-encoded, and the query."""
    raw = (scope.get("raw_path") or b"").decode("latin-1") or quoted(scope["path"].encode())
    path = below(scope.get("root_path", ""), raw).encode("latin-1")
    query: bytes = scope.get("query_string", b"")
    return path + b"?" + query if query else path


def address_of(scope: Scope) -> tuple[str, int] | None:
    """The client's (host, port), if the host knows it."""
    client = scope.get("client")
    return (client[0], client[1] or 0) if client else None


class LoopEngine:
    """What the host's loop lends to the requests it serves."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self._loop = asyncio.get_running_loop()

    async def sleep(self, seconds: float) -> None:
        """Suspends the task; the loop serves others meanwhile."""
        await asyncio.sleep(seconds)

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        """Runs `function` on a thread of the loop's own, in a copy of the caller's context."""
        run, call = contextvars.copy_context().run, partial(offloaded, function, *args)
        return await self._loop.run_in_executor(None, run, call)

    def flush(self, watchers: Iterable[Watcher]) -> None:
        """Calls `flush` of each on the loop; from any thread."""
        for watcher in watchers:
            self._loop.call_soon_threadsafe(watcher.flush)

    async def afterwards(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs it in a task of its own: the client has its answer."""
        work_on(work)

    def failed(self, request: Request | str, error: BaseException) -> None:
        """Logs it."""
        log_failure(request, error)


class HttpCall(HostedLink):
    """One request of the host's; the Link of ours."""

    def __init__(self, app: App, scope: Scope, receive: Receive, send: Send):
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        self._body_ended = asyncio.Event()
        self._allowed = 0
        self.closed = False
        self.address = address_of(scope)
        self.scheme = scope.get("scheme", "http")

    async def serve(self) -> None:
        """From the request to the end of its answer; ends early when the client leaves."""
        try:
            request = await self._request()
        except ProtocolError as error:
            refused = Request("HEAD" if self._scope["method"] == "HEAD" else "GET", "/")
            answer = HostedAnswer(refused, self._app.refuse(error))
            await Reply(self._scope, self._send).send(answer)
            return
        try:
            await self._respond(self._app.context(request, LoopEngine(self._app.limits)))
        except ClientGone:
            if not self.closed:
                raise  # the host is to break the answer off

    # ------------------------------------------------------------------ what the host tells

    async def _request(self) -> Request:
        scope, limits = self._scope, self._app.limits
        target = target_of(scope)
        version = scope.get("http_version", "1.1")
        request = request_of(scope["method"], target, scope["headers"], version, limits)
        streams = self._app.streams(request)
        self._allowed = allowed_bytes(request, limits, streams)
        request.link, body = self, IncomingBody()
        if has_no_body(request):
            self._body_ended.set()
            return request
        if streams:
            request.incoming = body
            return request
        while not body.ended:
            await self.more(body)
        while piece := body.take():
            request.body += piece
        return request

    async def more(self, body: IncomingBody) -> None:
        """Waits until the host has something more of the body."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.closed = True
            body.end(cut_off())
        else:
            piece = message.get("body", b"")
            if piece:  # an empty one would look like the end
                body.put(piece)
            if body.received_bytes > self._allowed:
                body.end(too_large(self._allowed))
            elif not message.get("more_body", False):
                body.end()
        if body.ended:
            self._body_ended.set()

    # ------------------------------------------------------------------ what it is told

    async def _respond(self, ctx: Context) -> None:
        if self._app.suspends(ctx):
            await self._while_here(self._work(ctx))  # one task, from the handler to its last piece
        else:
            await self._work(ctx)

    async def _work(self, ctx: Context) -> None:
        answer = HostedAnswer.of(self._app, ctx, await self._app.respond(ctx))
        sending = Reply(self._scope, self._send).send(answer)
        if answer.whole is None and not self._app.suspends(ctx):
            await self._while_here(sending)
        else:
            await sending

    async def _while_here(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, which is cancelled when the client leaves: then ClientGone."""
        working = asyncio.ensure_future(work)
        leaving = asyncio.ensure_future(self._left())
        try:
            await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise ClientGone("the client has left")
            return working.result()
        finally:
            for task in (working, leaving):
                task.cancel()
            await asyncio.gather(working, leaving, return_exceptions=True)

    async def _left(self) -> None:
        """Returns when the client has left; the host tells it after the last of the body."""
        await self._body_ended.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.closed = True
