"""What a host tells of a request, and what it is told of the answer; alike for ASGI and WSGI.

Rule: bytes on the wire are the host's business. What our own servers refuse, or never send, is
refused and never sent here as well.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from string import punctuation
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from asyncweb.errors import ClientGone, HTTPError, ProtocolError
from asyncweb.http.bytestream import ByteStream
from asyncweb.http.fields import Headers
from asyncweb.http.head import METHODS
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request, Response
from asyncweb.http.target import read_target
from asyncweb.http.wire import status_line

if TYPE_CHECKING:
    from asyncweb.app import App
    from asyncweb.context import Context

# The host writes these; a handler's word on them is not passed on.
_HOSTS_OWN = frozenset(
    {"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"}
)
_WITHOUT_CONTENT = frozenset({204, 205, 304})
_PATH_SAFE = "/:@!$&'()*+,;=~"
_log = logging.getLogger("asyncweb")


def request_of(
    method: str,
    target: bytes,
    headers: Iterable[tuple[bytes, bytes]],
    version: str,
    limits: Limits,
) -> Request:
    """The request for `target`, a path percent-encoded and its query, below the app's root.

    Raises the ProtocolError with which our own servers answer the same.
    """
    if method not in METHODS:
        raise ProtocolError(501, "this server does not know that method")
    if len(target) > limits.target_bytes:
        raise ProtocolError(414, f"the target is longer than {limits.target_bytes} bytes")
    fields = list(headers)
    if len(fields) > limits.header_count:
        raise ProtocolError(431, f"more than {limits.header_count} header fields")
    path, _ = read_target(method, quote(target, safe=punctuation).encode())
    return Request(method, path, fields, version=version)


def below(root: str, path: str) -> str:
    """The percent-encoded `path` seen from `root`, which is decoded.

    >>> below("/api v2", "/api%20v2/users/a%2Fb")
    '/users/a%2Fb'
    >>> below("", "/users"), below("/api", "/other"), below("/api", "/api")
    ('/users', '/other', '/')
    """
    root = root.rstrip("/")
    parts, depth = path.split("/"), root.count("/") + 1
    if not root or unquote("/".join(parts[:depth])) != root:
        return path
    return "/" + "/".join(parts[depth:])


def quoted(path: bytes) -> str:
    """The decoded `path`, percent-encoded again as clients do it.

    >>> quoted("/café/a+b".encode())
    '/caf%C3%A9/a+b'
    """
    return quote(path, safe=_PATH_SAFE) or "/"


def allowed_bytes(request: Request, limits: Limits, streams: bool) -> int:
    """How many bytes the body may have. Raises ProtocolError when it says it has more."""
    allowed = limits.stream_bytes if streams else limits.body_bytes
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > allowed:
        raise too_large(allowed)
    return allowed


def has_no_body(request: Request) -> bool:
    """Whether it says that it has none; from HTTP/2 on a body may come unannounced."""
    declared = request.headers.get("content-length")
    if declared is None:
        return request.version.startswith("1") and "transfer-encoding" not in request.headers
    return declared == "0"


def too_large(allowed: int) -> ProtocolError:
    """413, for a body of more than `allowed` bytes."""
    return ProtocolError(413, f"the body is larger than {allowed} bytes")


def cut_off() -> ProtocolError:
    """400, for a body whose end will never come."""
    return ProtocolError(400, "the client left before its body was whole")


def log_failure(request: Request | str, error: BaseException) -> None:
    """Tells the log what nobody handled: a host has no `server.errors`."""
    what = request if isinstance(request, str) else f"{request.method} {request.raw_path}"
    _log.error("%s failed", what, exc_info=error)


def broken_off(request: Request, error: BaseException) -> ClientGone:
    """What is raised to the host, so that it breaks off the answer that raised `error`."""
    if not isinstance(error, ProtocolError):  # which the client has made, not the app
        log_failure(request, error)
    return ClientGone(f"the answer to {request.method} {request.raw_path} broke off")


class HostedLink:
    """The Link of a request that a host has taken: it has the connection, and keeps it."""

    scheme: str

    async def room(self) -> None:
        """At once: the host makes us wait while it is given a piece."""

    async def take_over(self, upgrade: str | None, headers: Headers) -> ByteStream:
        """Raises HTTPError 501."""
        raise HTTPError(
            501, "this host lends no connection: serve the app with AsyncServer or ThreadServer"
        )


class HostedAnswer:
    """A Response as a host is to send it: `status` as "200 OK", `fields`, and measured pieces.

    Raises ValueError or TypeError for a status that HTTP does not have.
    """

    def __init__(self, request: Request, response: Response):
        self.request, self.body = request, response.body
        self.status = status_line(response.status, response.reason)[len("HTTP/1.1 ") : -2]
        own = response.headers.fields()
        self.fields = [(name, value) for name, value in own if name not in _HOSTS_OWN]
        self.says_close = "close" in response.headers.get("connection", "").lower()
        is_head, is_empty = request.method == "HEAD", response.status in _WITHOUT_CONTENT
        self.wants_body = not (is_head or is_empty)
        self.whole = response.body if isinstance(response.body, bytes) else None
        declared = response.headers.get("content-length", "")
        length = declared if declared.isascii() and declared.isdigit() else ""
        if self.whole is not None and not (is_head and length and not self.whole):
            length = str(len(self.whole))
        if is_empty:  # of nothing there is no type: PEP 3333's own checker insists
            self.fields = [field for field in self.fields if field[0] != "content-type"]
            length = "0" if response.status == 205 else ""
        if length:
            self.fields.append(("content-length", length))
        self._left = int(length) if length else None

    @classmethod
    def of(cls, app: App, ctx: Context, response: Response) -> HostedAnswer:
        """`response`; in the place of one whose status nobody has checked, a 500."""
        try:
            return cls(ctx.request, response)
        except Exception as error:
            return cls(ctx.request, app.fail(ctx, error))

    @property
    def code(self) -> int:
        """The status as a number."""
        return int(self.status[:3])

    def piece(self, data: bytes | str) -> bytes:
        """One piece of the body, as bytes. Raises ValueError beyond the declared length."""
        if not isinstance(data, bytes | str):
            raise TypeError(f"a stream yielded {type(data).__name__}; it may yield bytes or str")
        data = data.encode() if isinstance(data, str) else data
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise ValueError("the stream is longer than the Content-Length it declared")
        return data

    def finish(self) -> None:
        """The pieces have ended. Raises ValueError before the declared length."""
        if self._left and self.wants_body:
            raise ValueError(f"the stream ended {self._left} bytes before its Content-Length")
