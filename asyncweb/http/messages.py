"""What clients and servers say to each other: Request and Response.

Rule: values only. A message knows nothing of sockets, of clocks or of how it is spelled in bytes.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterable, Iterable, Iterator, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from asyncweb.http.cookies import CookieAttributes, spell_cookie
from asyncweb.http.fields import Headers
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.json_text import json_bytes
from asyncweb.http.status import REDIRECTS, checked_reason, checked_status
from asyncweb.http.target import percent_decode

if TYPE_CHECKING:
    from asyncweb.http.link import Link

Body: TypeAlias = bytes | Iterable[bytes | str] | AsyncIterable[bytes | str]

TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
JSON = "application/json"
BYTES = "application/octet-stream"
_IN_LOCATION = "!#$%&'()*+,/:;=?@[]~"  # what a reference may hold beside letters and digits


class Request:
    """One complete request. `raw_path` is as it was sent, `path` is percent-decoded.

    >>> request = Request("GET", "/caf%C3%A9?page=2", [(b"Host", b"example.com")])
    >>> request.path, request.query_string, request.headers["host"]
    ('/café', 'page=2', 'example.com')
    >>> request.scheme, request.client, request.again().target  # it came from nobody
    ('http', None, '/caf%C3%A9?page=2')
    """

    __slots__ = (
        "_headers", "_wire_headers", "body", "incoming", "keep_alive", "link",
        "method", "query_string", "raw_path", "target", "upgrades", "version",
    )  # fmt: skip

    def __init__(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes = b"",
        version: str = "1.1",
        keep_alive: bool = True,
    ):
        self.method = method
        self.target = target
        self.version = version
        self.keep_alive = keep_alive
        self.upgrades = False  # the client asks to go on in another protocol
        self.body = body
        self.incoming: IncomingBody | None = None  # the body, when its handler takes it in pieces
        self.link: Link | None = None
        self.raw_path, _, self.query_string = target.partition("?")
        self._wire_headers = headers
        self._headers: Headers | None = None

    def again(self) -> Request:
        """The same request a second time, with nothing of what was done to the first."""
        method, target, headers = self.method, self.target, self._wire_headers
        request = Request(method, target, headers, self.body, self.version, self.keep_alive)
        request.upgrades = self.upgrades
        return request

    @property
    def headers(self) -> Headers:
        """The header fields, decoded when they are first asked for."""
        if self._headers is None:
            self._headers = Headers.from_wire(self._wire_headers)
        return self._headers

    @property
    def scheme(self) -> str:
        """ "https" when it came over TLS, else "http"."""
        return self.link.scheme if self.link else "http"

    @property
    def client(self) -> tuple[str, int] | None:
        """The client's (host, port); None when it has none, as on a Unix socket."""
        address = self.link.address if self.link else None
        return address if address and address[0] else None

    @property
    def path(self) -> str:
        """The path, percent-decoded. Raises BadRequest when it is not UTF-8."""
        return percent_decode(self.raw_path)

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.target}>"


def switched() -> Response:
    """What middleware sees in place of an answer when the connection was taken over: 101."""
    response = Response()
    response.status = 101  # no answer of a handler may have it
    return response


class Response:
    """A status, header fields, and a body that is whole or comes in pieces.

    `body` is text, bytes, or an iterable (async or not) of either. The framing headers
    (Content-Length, Transfer-Encoding, Date) are written by the connection. `reason` takes the
    place of the status's own phrase, for clients that show it; HTTP/2 has none.

    >>> response = Response("Sorry", 503, {"retry-after": "5"})
    >>> response.status, response.body, response.headers["Retry-After"], response.streams
    (503, b'Sorry', '5', False)
    >>> Response.json({"id": 7}, 201).body, Response.html("<p>Hello").headers["content-type"]
    (b'{"id":7}', 'text/html; charset=utf-8')
    >>> response.update_headers({"retry-after": "9"})
    >>> response.set_cookie("seen", "1", max_age=60)
    >>> response.copy().headers.fields()
    [('retry-after', '9'), ('set-cookie', 'seen=1; Max-Age=60; Path=/; SameSite=Lax')]
    """

    __slots__ = ("_headers", "body", "known_type", "reason", "status")

    def __init__(
        self,
        body: str | Body = b"",
        status: int = 200,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        content_type: str | None = None,
        reason: str | None = None,
    ):
        self.status = checked_status(status)
        self.reason = None if reason is None else checked_reason(reason)
        self.body: Body = body.encode() if isinstance(body, str) else body
        self._headers: Headers | None = Headers(headers)
        self.known_type = ""
        if content_type is not None and "content-type" not in self._headers:
            self._headers.add("content-type", content_type)

    @classmethod
    def of(cls, value: Any) -> Response:
        """The response a handler means by what it returned.

        str is text, bytes are bytes, dict and list are JSON, None is 204; `(value, status)` and
        `(value, status, headers)` say more; an iterator, async or not, is streamed.
        Raises TypeError for anything else.

        >>> Response.of({"id": 7}), Response.of(("made", 201)), Response.of(iter("abc")).streams
        (<Response 200, 8 bytes>, <Response 201, 4 bytes>, True)
        """
        if isinstance(value, str):
            return cls._of_known(value.encode(), TEXT)
        if isinstance(value, Response):
            return value
        if isinstance(value, tuple):
            return cls._of_tuple(value)
        if isinstance(value, dict | list):
            return cls.json(value)
        if isinstance(value, bytes | bytearray | memoryview):
            return cls._of_known(bytes(value), BYTES)
        if value is None:
            return cls(status=204)
        if isinstance(value, Iterator | AsyncIterable):
            return cls(value, content_type=TEXT)
        if inspect.iscoroutine(value):
            value.close()
            raise TypeError("a handler returned a coroutine; write `async def` and `await` it")
        raise TypeError(
            f"a handler returned {type(value).__name__}; it may return str, bytes, dict, list, "
            "None, an iterator, (body, status), (body, status, headers) or a Response"
        )

    @classmethod
    def _of_known(cls, body: bytes, content_type: str) -> Response:
        """200 with a type of ours, of which nothing has to be checked."""
        response = cls.__new__(cls)
        response.status = 200
        response.reason = None
        response.body = body
        response._headers = None
        response.known_type = content_type  # the only field, for as long as nobody asks for them
        return response

    @classmethod
    def _of_tuple(cls, value: tuple[Any, ...]) -> Response:
        if len(value) not in (2, 3) or not isinstance(value[1], int):
            raise TypeError(f"a handler returned {value!r}; a tuple is (body, status[, headers])")
        response = cls.of("" if value[0] is None else value[0])
        if response is value[0]:
            response = response.copy()  # a handler's own may answer other requests too
        response.status = checked_status(value[1])
        response.update_headers(value[2] if len(value) == 3 else ())
        return response

    @classmethod
    def json(cls, value: Any, status: int = 200) -> Response:
        """`value` as JSON. Raises TypeError or ValueError when JSON has no word for it."""
        response = cls._of_known(json_bytes(value), JSON)
        response.status = checked_status(status)
        return response

    @classmethod
    def html(cls, text: str, status: int = 200) -> Response:
        """A page."""
        return cls(text, status, content_type=HTML)

    @classmethod
    def redirect(cls, location: str, status: int = 302) -> Response:
        """Sends the client to `location`: 302, or 301, 303, 307 or 308.

        What no reference may hold (a space, a letter beyond ASCII, a line end, a backslash) is
        percent-encoded. Take no location from a request unless you check where it leads: with
        `?next=//elsewhere.example` your site would recommend another.

        >>> Response.redirect("/caf\u00e9", 303).headers["location"]
        '/caf%C3%A9'
        """
        if status not in REDIRECTS:
            known = ", ".join(map(str, REDIRECTS))
            raise ValueError(f"redirect with status {status!r}; expected one of {known}")
        from urllib.parse import quote  # loaded by those who redirect

        return cls(status=status, headers={"location": quote(location, safe=_IN_LOCATION)})

    @classmethod
    def file(
        cls, path: str | PathLike[str], content_type: str | None = None, download: str | bool = ""
    ) -> Response:
        """The file at `path`, read while it is sent; for one request.

        Its type is that of its name. A client gets ranges of it, or 304 when it has this version
        already. `download` (a name, or True for the file's own) makes a browser save it. Raises
        OSError when there is no such file, a 500 unless the handler answers 404. A name that a
        client sends is no path: see `app.static`.

        >>> Response.file(__file__, download="code.py").headers["content-disposition"]
        "attachment; filename*=UTF-8''code.py"
        """
        from asyncweb.http.file import file_response

        return file_response(path, content_type, download)

    @property
    def headers(self) -> Headers:
        """The header fields, made when they are first asked for."""
        if self._headers is None:
            self._headers = Headers.of_checked([("content-type", self.known_type)])
            self.known_type = ""
        return self._headers

    def copy(self) -> Response:
        """A response of its own with the same status, fields and body."""
        twin = Response(self.body, self.status, reason=self.reason)
        own, twin.known_type = self._headers, self.known_type  # checked when they were written
        twin._headers = None if own is None else Headers.of_checked([*own.fields()])
        return twin

    @property
    def streams(self) -> bool:
        """Whether the body comes in pieces."""
        return not isinstance(self.body, bytes)

    def update_headers(self, headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        """Replaces the fields named in `headers`; several of one name are all kept."""
        new = Headers(headers)
        for name in new:
            self.headers.pop(name, None)
        for name, value in new.fields():
            self.headers.add(name, value)

    def set_cookie(self, name: str, value: str, **attributes: Unpack[CookieAttributes]) -> None:
        """Adds a cookie: `set_cookie("id", "7", max_age=60, httponly=True)`.

        The attributes, all optional: max_age (seconds), expires (a datetime with its time zone),
        path ("/"), domain, secure, httponly, samesite ("Lax"), partitioned. Raises ValueError or
        TypeError for a cookie that a client would drop or misread.
        """
        self.headers.add("set-cookie", spell_cookie(name, value, attributes))

    def delete_cookie(self, name: str, **attributes: Unpack[CookieAttributes]) -> None:
        """Tells the client to forget a cookie that was set with the same path and domain.

        >>> response = Response()
        >>> response.delete_cookie("seen")
        >>> response.headers["set-cookie"]
        'seen=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax'
        """
        from datetime import UTC, datetime

        attributes["max_age"], attributes["expires"] = 0, datetime.fromtimestamp(0, UTC)
        self.set_cookie(name, "", **attributes)

    def __repr__(self) -> str:
        size = "streamed" if self.streams else f"{len(self.body)} bytes"  # type: ignore[arg-type]
        return f"<Response {self.status}, {size}>"
