"""A WSGI app on our threads (PEP 3333).

Rule: a thread belongs to one request from its first byte to its last. The app reads the body as
it arrives, and its pieces leave as it gives them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from asyncweb.context import Context
from asyncweb.guests.guest import Guest
from asyncweb.guests.wsgi_input import BodyFile
from asyncweb.http.messages import Response
from asyncweb.http.routing import Handler

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailers",
     "transfer-encoding", "upgrade"}
)  # fmt: skip
# A Proxy field would become HTTP_PROXY, which programs below the app may take for a setting.
_NOT_PASSED_ON = frozenset({"content-type", "content-length", "proxy"})


class WsgiGuest(Guest):
    """Flask, Django, Bottle: what ThreadServer makes of them."""

    def handler(self) -> Handler:
        """Calls the guest in the thread of the request."""

        def ask_wsgi_app(ctx: Context) -> Response:
            answer = WsgiAnswer()
            environ = self.environ(ctx)

            def start_response(
                status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
            ) -> Callable[[bytes], None]:
                self.name_route(ctx, _rule(environ))
                return answer.start_response(status, headers, exc_info)

            return answer.begin(self.guest(environ, start_response))

        return ask_wsgi_app

    def environ(self, ctx: Context) -> dict[str, Any]:
        """What the guest is told of a request."""
        request, headers = ctx.request, ctx.headers
        host, port = request.client or ("", 0)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(request.raw_path).decode("latin-1"),
            "QUERY_STRING": request.query_string,
            "REQUEST_URI": request.target,
            "SERVER_NAME": self.host,
            "SERVER_PORT": str(getattr(ctx.engine, "port", 0)),
            "SERVER_PROTOCOL": f"HTTP/{request.version}",
            "REMOTE_ADDR": host,
            "REMOTE_PORT": str(port),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": request.scheme,
            "wsgi.input": BodyFile.of(ctx),
            "wsgi.input_terminated": True,  # its end is that of the body
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": getattr(ctx.engine, "is_one_of_many", False),
            "wsgi.run_once": False,
        }
        for name in ("content-type", "content-length"):
            if name in headers:
                environ[name.upper().replace("-", "_")] = headers[name]
        for name in headers:
            # An underscore would let a field pose as another one, with a hyphen.
            if "_" not in name and name not in _NOT_PASSED_ON:
                joint = "; " if name == "cookie" else ", "
                key = f"HTTP_{name.upper().replace('-', '_')}"
                environ[key] = joint.join(headers.get_all(name))
        return environ


class WsgiAnswer:
    """What one call of the guest answers; the pieces of it, when it has several."""

    def __init__(self) -> None:
        self._head: Response | None = None
        self._begun = False  # the head may have been sent
        self._written: list[bytes] = []
        self._given: Any = None
        self._pieces: Iterator[bytes]

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        """Takes the head; once, or again with `exc_info` as long as nothing was sent."""
        if exc_info is not None and self._begun:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and self._head is not None:
            raise RuntimeError("start_response was called twice, the second time without exc_info")
        self._head = _head(status, headers)
        return self._write

    def _write(self, data: bytes) -> None:
        """What older apps write before they return; it waits for that."""
        self._written.append(_checked(data))

    def begin(self, given: Iterable[bytes]) -> Response:
        """The answer of which `given` is the body: whole, or a stream that begins here."""
        self._given = given
        try:
            if isinstance(given, list | tuple):
                body = b"".join([*self._written, *map(_checked, given)])
                response = self._response(body)
                self.close()
                return response
            self._pieces = map(_checked, iter(given))
            # The app may still change its head until there is something to send.
            first = next((piece for piece in self._pieces if piece), b"")
            self._written.append(first)
            return self._response(self)
        except BaseException:
            self.close()
            raise

    def _response(self, body: Any) -> Response:
        if self._head is None:
            raise RuntimeError("the WSGI app gave an answer without calling start_response")
        self._begun = True
        self._head.body = body
        return self._head

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._written:
            return self._written.pop(0)
        return next(self._pieces)

    def close(self) -> None:
        """Closes what the app gave, once."""
        given, self._given = self._given, None
        if hasattr(given, "close"):
            given.close()


def _rule(environ: dict[str, Any]) -> object:
    """The route that Flask has found; it forgets its request with the answer."""
    return getattr(getattr(environ.get("werkzeug.request"), "url_rule", None), "rule", None)


def _checked(piece: object) -> bytes:
    if not isinstance(piece, bytes):
        raise TypeError(f"a WSGI app gives bytes, not {type(piece).__name__}: {piece!r:.60}")
    return piece


def _head(status: str, headers: list[tuple[str, str]]) -> Response:
    """The answer's head. Raises ValueError or TypeError for what PEP 3333 does not allow."""
    if not isinstance(status, str) or not status[:3].isdigit() or status[3:4].strip():
        raise ValueError(f"status {status!r}: expected three digits and a phrase, as in '200 OK'")
    for name, _ in headers:
        if name.lower() in _HOP_BY_HOP:
            raise ValueError(f"header {name}: that is between the server and its client; remove it")
    return Response(b"", int(status[:3]), headers, reason=status[4:] or None)
