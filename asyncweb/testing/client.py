"""The test client: asks an app as a program would, without a port.

Rule: what passes here passes on a server. Requests and answers are the bytes that would be on the
wire, and go through the very engine that serves the app; only the address is missing.
"""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, Unpack

from asyncweb.app import App
from asyncweb.errors import ClientGone, HTTPError
from asyncweb.http.dates import parse_http_date
from asyncweb.http.fields import Headers
from asyncweb.http.limits import Limits
from asyncweb.testing.answer import Answer, StreamedAnswer, until_closed
from asyncweb.testing.engines import Rehearsal
from asyncweb.testing.question import Asked, Fields, Question

if TYPE_CHECKING:
    from asyncweb.testing.websocket import ClientWebSocket

EngineName: TypeAlias = Literal["async", "threads"]


class TestClient:
    """Asks `app` on a loop or on threads, and keeps cookies.

    The app starts with the first request, or at `with`; it shuts down with `close()`, at the end
    of the `with`, or when the client is forgotten. With `raise_errors` (the default) an error that
    no handler took is raised in the test: one that comes after the answer at the next request, that
    of a shutdown hook at `close()`. Without, the test reads the 500 that a client would.

    >>> from asyncweb import App
    >>> app = App()
    >>> hello = app.get("/hello/{name}")(lambda ctx: {"hello": ctx.params["name"]})
    >>> with app.test_client() as client:
    ...     answer = client.get("/hello/Ada")
    >>> answer.status, answer.json()
    (200, {'hello': 'Ada'})

    With a method for each of HTTP's own, and for what takes longer:

    >>> @app.route("/note", ["POST", "PUT", "PATCH", "DELETE"])
    ... def note(ctx):
    ...     return f"{ctx.method} {ctx.text}"
    >>> asks = client.post, client.put, client.patch, client.delete
    >>> [ask("/note", data="tea").text for ask in asks]
    ['POST tea', 'PUT tea', 'PATCH tea', 'DELETE tea']
    >>> client.head("/hello/Ada").headers["content-length"], client.options("/note").status
    ('15', 204)
    >>> client.request("GET", "/none").text
    'no route for /none'
    >>> with client.stream("GET", "/hello/Ada") as answer:
    ...     b"".join(answer)
    b'{"hello":"Ada"}'
    >>> @app.websocket("/echo")
    ... async def echo(ws):
    ...     await ws.send(await ws.receive())
    >>> with client.websocket("/echo") as ws:
    ...     ws.send("hello")
    ...     ws.receive()
    'hello'
    >>> client.close()
    """

    __test__ = False  # it tests, but is no test

    def __init__(
        self,
        app: App | Callable[..., Any],
        *,
        engine: EngineName = "async",
        raise_errors: bool = True,
        headers: Fields = (),
        limits: Limits | None = None,
        timeout_s: float = 30.0,
    ):
        if engine not in ("async", "threads"):
            raise ValueError(f"engine={engine!r}: expected 'async' or 'threads'")
        self.cookies: dict[str, str] = {}
        self.headers = Headers(headers)
        self._make: Callable[[], Rehearsal] = lambda: Rehearsal(app, engine, limits)
        self._raise_errors = raise_errors
        self._timeout_s = timeout_s
        self._rehearsal: Rehearsal | None = None
        self._has_left = False  # in the middle of an answer
        self._close: Callable[[], Any] = lambda: None

    # ------------------------------------------------------------------ asking

    def get(self, path: str, **asked: Unpack[Asked]) -> Answer:
        """The answer to GET."""
        return self.request("GET", path, **asked)

    def head(self, path: str, **asked: Unpack[Asked]) -> Answer:
        """The answer to HEAD."""
        return self.request("HEAD", path, **asked)

    def post(self, path: str, **asked: Unpack[Asked]) -> Answer:
        """The answer to POST: `json=`, `data=` a mapping, text, bytes or an iterator, `files=`."""
        return self.request("POST", path, **asked)

    def put(self, path: str, **asked: Unpack[Asked]) -> Answer:
        """The answer to PUT."""
        return self.request("PUT", path, **asked)

    def patch(self, path: str, **asked: Unpack[Asked]) -> Answer:
        """The answer to PATCH."""
        return self.request("PATCH", path, **asked)

    def delete(self, path: str, **asked: Unpack[Asked]) -> Answer:
        """The answer to DELETE."""
        return self.request("DELETE", path, **asked)

    def options(self, path: str, **asked: Unpack[Asked]) -> Answer:
        """The answer to OPTIONS."""
        return self.request("OPTIONS", path, **asked)

    def request(self, method: str, path: str, **asked: Unpack[Asked]) -> Answer:
        """The answer to `method`, read to its end. Raises what the handler raised."""
        with self.stream(method, path, **asked) as answer:
            return answer.read()

    @contextlib.contextmanager
    def stream(self, method: str, path: str, **asked: Unpack[Asked]) -> Iterator[StreamedAnswer]:
        """The answer while it comes: `with client.stream("GET", "/") as answer: ...`.

        At the end of the block the client leaves, whatever is still to come.
        """
        with self._asked(method, path, asked) as (answer, _):
            yield answer

    @contextlib.contextmanager
    def _asked(
        self, method: str, path: str, asked: Asked
    ) -> Iterator[tuple[StreamedAnswer, socket.socket]]:
        """The answer as soon as its head has come, and the connection it comes over."""
        question = Question(method, path, self._own_headers(), asked)
        rehearsal = self._started()
        if self._has_left or not self._raise_errors:
            rehearsal.raised.clear()
        self._has_left = False
        self._raise_first(rehearsal)  # of what has gone on after an answer
        with rehearsal.connect() as sock, _sending(sock, question):
            sock.settimeout(self._timeout_s)
            answer = StreamedAnswer(sock, question.method, partial(self._raise_first, rehearsal))
            try:
                answer.begin()
                self._keep_cookies(answer.headers)
                yield answer, sock
            finally:
                self._has_left |= not answer.is_over
                answer.leave()

    @contextlib.contextmanager
    def websocket(
        self, path: str, *, subprotocols: Sequence[str] = (), **asked: Unpack[Asked]
    ) -> Iterator[ClientWebSocket]:
        """A WebSocket: `with client.websocket("/chat") as ws: ws.send("hello")`.

        Raises HTTPError with the status and the text of a handshake that is refused.
        """
        from asyncweb.testing.websocket import ClientWebSocket  # loaded by those who open one

        key = base64.b64encode(os.urandom(16)).decode()
        own = Headers(asked.pop("headers", ()))
        handshake = {"connection": "upgrade", "upgrade": "websocket",
                     "sec-websocket-version": "13", "sec-websocket-key": key}  # fmt: skip
        if subprotocols:
            handshake["sec-websocket-protocol"] = ", ".join(subprotocols)
        asked["headers"] = [*handshake.items(), *own.fields()]
        with self._asked("GET", path, asked) as (answer, sock):
            if answer.status != 101:
                raise HTTPError(answer.status, answer.read().text)
            subprotocol = answer.headers.get("sec-websocket-protocol")
            ws = ClientWebSocket(sock, subprotocol, answer.rest)
            yield ws
            with contextlib.suppress(ClientGone):
                ws.close()
            until_closed(sock, path)  # then what the handler raised is known
            answer.end()

    # ------------------------------------------------------------------ life

    def close(self) -> None:
        """Shuts the app down; the next request starts it again. Raises what a hook has raised."""
        self._close()
        rehearsal, self._rehearsal = self._rehearsal, None
        if rehearsal is not None:
            self._raise_first(rehearsal)

    def __enter__(self) -> Self:
        self._started()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _started(self) -> Rehearsal:
        if self._rehearsal is None:
            self._rehearsal = self._make()
            self._close = weakref.finalize(self, self._rehearsal.stop)
        return self._rehearsal

    def _raise_first(self, rehearsal: Rehearsal) -> None:
        if rehearsal.raised and self._raise_errors:
            raise rehearsal.raised.popleft()

    # ------------------------------------------------------------------ cookies

    def _own_headers(self) -> Headers:
        headers = Headers(self.headers.fields())
        if self.cookies:
            pairs = [f"{name}={value}" for name, value in self.cookies.items()]
            headers.add("cookie", "; ".join(pairs))
        return headers

    def _keep_cookies(self, headers: Headers) -> None:
        for line in headers.get_all("set-cookie"):
            (name, value), *more = map(_name_and_value, line.split(";"))
            if _is_over({attribute.lower(): said for attribute, said in more}):
                self.cookies.pop(name, None)
            elif name:
                self.cookies[name] = value


def _name_and_value(part: str) -> tuple[str, str]:
    """The two sides of the "=" in `part`; without one, the name alone."""
    name, _, value = part.partition("=")
    return name.strip(), value.strip()


def _is_over(attributes: Mapping[str, str]) -> bool:
    """Whether the cookie is no more: by its Max-Age or, where that says nothing, its Expires."""
    with contextlib.suppress(KeyError, ValueError):
        return int(attributes["max-age"]) <= 0
    expires = parse_http_date(attributes.get("expires", ""))
    return expires is not None and expires <= time.time()


@contextlib.contextmanager
def _sending(sock: socket.socket, question: Question) -> Iterator[None]:
    """Sends the question from a thread, so that an answer may begin before it has ended."""
    failed: list[BaseException] = []

    def send() -> None:
        try:
            for data in question.spelled():
                if not _sent(sock, data):
                    return
        except BaseException as error:  # of the test's own iterator
            failed.append(error)
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send, name="asyncweb-testclient", daemon=True)
    sender.start()
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sender.join()
        if failed:
            raise failed[0]


def _sent(sock: socket.socket, data: bytes) -> bool:
    """Whether the app takes it; it may have answered without reading all of the question."""
    try:
        sock.sendall(data)
    except OSError:
        return False
    return True
