"""Our App as a WSGI application (PEP 3333).

Rule: the host's thread is ours until the answer has ended. A handler waits by blocking it, as on
ThreadServer. The app starts with the first request and shuts down with the process.
"""

from __future__ import annotations

import atexit
import contextvars
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from asyncweb.context import Context
from asyncweb.coroutine import run_to_end
from asyncweb.engine import offloaded
from asyncweb.errors import ProtocolError
from asyncweb.gateways.hosted import (
    HostedAnswer,
    HostedLink,
    allowed_bytes,
    below,
    broken_off,
    cut_off,
    log_failure,
    quoted,
    request_of,
    too_large,
)
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.messages import Request, Response
from asyncweb.loopless import ADVICE, as_needs_event_loop
from asyncweb.pieces import pieces_for_thread

if TYPE_CHECKING:
    from asyncweb.app import App

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
PIECE_BYTES = 64 * 1024
_UNPREFIXED = {"CONTENT_TYPE": b"content-type", "CONTENT_LENGTH": b"content-length"}
_NO_MORE: Any = object()  # after the last piece of a stream


class WsgiGateway:
    """Answers a WSGI host's requests with one App; many threads may call it."""

    def __init__(self, app: App):
        self._app = app
        self._starting = threading.Lock()
        self._started = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The answer's body; its head goes to `start_response`."""
        self._start()
        # A context of its own: what one request sets, the next shall not see.
        context = contextvars.copy_context()
        call = WsgiCall(self._app, environ)
        answer = context.run(call.respond)
        start_response(answer.status, answer.fields)
        if answer.whole is None:
            return HostedStream(answer, call.engine, context)
        return [answer.whole] if answer.wants_body else []

    def _start(self) -> None:
        with self._starting:
            if not self._started:
                run_to_end(self._app.startup(), ADVICE)
                self._started = True
                atexit.register(self._stop)

    def _stop(self) -> None:
        run_to_end(self._app.shutdown(HostThread().failed), ADVICE)


class HostThread:
    """What a host's thread lends to the request it serves."""

    def __init__(self) -> None:
        self.later: list[Coroutine[Any, Any, None]] = []  # for when the host has sent the answer

    async def sleep(self, seconds: float) -> None:
        """The thread sleeps."""
        time.sleep(max(seconds, 0))

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls it here: this thread holds nobody up."""
        return offloaded(function, *args)

    async def afterwards(self, work: Coroutine[Any, Any, None]) -> None:
        """Keeps it until the host closes the answer: only then it is out for sure."""
        self.later.append(work)

    def failed(self, request: Request | str, error: BaseException) -> None:
        """Logs it."""
        log_failure(request, as_needs_event_loop(error))


class WsgiCall(HostedLink):
    """One request of the host's; the Link of ours."""

    def __init__(self, app: App, environ: Environ):
        self._app = app
        self.engine = HostThread()
        self._environ = environ
        self._input = environ["wsgi.input"]
        self.scheme = environ.get("wsgi.url_scheme", "http")
        self.request: Request
        self._left: int | None = None  # bytes of the body still to come; None: nobody knows
        self._allowed = 0
        address, port = environ.get("REMOTE_ADDR"), environ.get("REMOTE_PORT") or 0
        self.address: tuple[str, int] | None = (address, int(port)) if address else None

    @property
    def closed(self) -> bool:
        """Whether the client has gone, where a host can tell: of those known, waitress can."""
        return bool(self._environ.get("waitress.client_disconnected", bool)())

    def respond(self) -> HostedAnswer:
        """The answer; never raises."""
        method = self._environ["REQUEST_METHOD"]
        try:
            request = self._request(method)
        except ProtocolError as error:
            refused = Request("HEAD" if method == "HEAD" else "GET", "/")
            return HostedAnswer(refused, self._app.refuse(error))
        ctx = self._app.context(request, self.engine)
        return HostedAnswer.of(self._app, ctx, self._run(ctx))

    def _run(self, ctx: Context) -> Response:
        try:
            return self._app.respond_here(ctx, ADVICE)
        except Exception as error:
            return self._app.fail(ctx, error)

    # ------------------------------------------------------------------ what the host tells

    def _request(self, method: str) -> Request:
        environ, limits = self._environ, self._app.limits
        version = "1.0" if environ.get("SERVER_PROTOCOL") == "HTTP/1.0" else "1.1"
        headers = fields_of(environ)
        request = request_of(method, target_of(environ), headers, version, limits)
        streams = self._app.streams(request)
        self._allowed = allowed_bytes(request, limits, streams)
        self._left = _body_bytes(environ)
        self.request = request
        request.link, body = self, IncomingBody()
        if self._left == 0:
            return request
        if streams:
            request.incoming = body
            return request
        while not body.ended:
            self._read(body)
        while piece := body.take():
            request.body += piece
        return request

    async def more(self, body: IncomingBody) -> None:
        """Reads on in this thread."""
        self._read(body)

    def _read(self, body: IncomingBody) -> None:
        left = self._left
        wanted = PIECE_BYTES if left is None else min(left, PIECE_BYTES)
        try:
            # What is there: `read` would wait until all that is wanted has come.
            piece = getattr(self._input, "read1", self._input.read)(wanted)
        except Exception:  # each host has errors of its own for a body that breaks off
            piece, left = b"", 1
        if piece:
            body.put(piece)
            self._left = left = None if left is None else left - len(piece)
        if body.received_bytes > self._allowed:
            body.end(too_large(self._allowed))
        elif left == 0 or not piece:
            body.end(cut_off() if left else None)


class HostedStream:
    """The pieces of a streamed answer, as the host takes them; closed by the host."""

    def __init__(self, answer: HostedAnswer, engine: HostThread, context: contextvars.Context):
        self._answer = answer
        self._later = engine.later
        self._pieces = pieces_for_thread(answer.body, answer.wants_body)
        self._run = context.run

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return self._next()
        except StopIteration:
            raise
        except (Exception, SystemExit) as error:
            raise broken_off(self._answer.request, as_needs_event_loop(error)) from error

    def _next(self) -> bytes:
        piece: bytes | str = b""
        while not piece:
            piece = self._run(next, self._pieces, _NO_MORE)
            if piece is _NO_MORE:
                self._answer.finish()
                raise StopIteration
        return self._answer.piece(piece)

    def close(self) -> None:
        """Nobody wants more."""
        try:
            self._run(self._pieces.close)
        finally:
            while self._later:
                self._run(run_to_end, self._later.pop(), ADVICE)


def target_of(environ: Environ) -> bytes:
    """The target below the app's root, as it was sent where the host keeps that.

    >>> target_of({"PATH_INFO": "/users/a/b", "RAW_URI": "/v1/users/a%2Fb", "SCRIPT_NAME": "/v1"})
    b'/users/a%2Fb'
    >>> target_of({"PATH_INFO": "/caf\\xc3\\xa9", "QUERY_STRING": "page=2"})
    b'/caf%C3%A9?page=2'
    """
    sent = environ.get("REQUEST_URI") or environ.get("RAW_URI") or ""
    if sent.startswith("/"):  # the host is not asked to interpret other forms
        path = below(environ.get("SCRIPT_NAME", ""), sent.partition("?")[0])
    else:
        path = quoted(environ.get("PATH_INFO", "").encode("latin-1"))
    query = environ.get("QUERY_STRING", "")
    return (f"{path}?{query}" if query else path).encode("latin-1")


def fields_of(environ: Environ) -> list[tuple[bytes, bytes]]:
    """The header fields, by the names they have on the wire.

    >>> fields_of({"HTTP_X_AGE": "7", "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": ""})
    [(b'x-age', b'7'), (b'content-type', b'text/plain')]
    """
    fields = []
    for key, value in environ.items():
        name = _UNPREFIXED.get(key) if value else None
        if key.startswith("HTTP_"):
            name = key[5:].replace("_", "-").lower().encode("latin-1")
        if name is not None:
            fields.append((name, value.encode("latin-1")))
    return fields


def _body_bytes(environ: Environ) -> int | None:
    """How long the body is; None when its end is to be found by reading."""
    declared = environ.get("CONTENT_LENGTH") or ""
    if declared.isascii() and declared.isdigit():
        return int(declared)
    return None if environ.get("wsgi.input_terminated") else 0  # else reading on never ends
