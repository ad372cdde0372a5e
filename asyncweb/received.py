"""What a client has asked, as a handler reads it: the request, made plain when it is looked at.

Rule: nothing is decoded before somebody asks for it; what cannot be decoded is the client's error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asyncweb.engine import Engine
from asyncweb.http.content import read_json, read_text
from asyncweb.http.cookies import parse_cookies
from asyncweb.http.fields import Headers
from asyncweb.http.messages import Request
from asyncweb.http.query import Query
from asyncweb.http.routing import Params, Route

if TYPE_CHECKING:
    from asyncweb.form import Form
    from asyncweb.stream import BodyStream


class Received:
    """The half of a Context that reads: where it came from, what for, and what is in it.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.post("/users/{id:int}")
    ... async def user(ctx):
    ...     print(ctx.method, ctx.path, ctx.pattern, ctx.params["id"], ctx.query["full"])
    ...     print(ctx.scheme, ctx.host, ctx.client, ctx.url)
    ...     print(ctx.headers["x-kind"], ctx.cookies, ctx.last_event_id, ctx.closed)
    ...     print(ctx.json(), ctx.text, ctx.body)
    >>> client = app.test_client(headers={"host": "example.org", "x-kind": "news"})
    >>> client.cookies["id"] = "a"
    >>> client.post("/users/7?full=yes", json={"a": 1}).status
    POST /users/7 /users/{id:int} 7 yes
    http example.org None http://example.org/users/7?full=yes
    news {'id': 'a'} None False
    {'a': 1} {"a": 1} b'{"a": 1}'
    204

    A body that comes piece by piece, and one that is a form:

    >>> @app.post("/size", stream=True)
    ... async def size(ctx):
    ...     return str(sum([len(piece) async for piece in ctx.stream]))
    >>> @app.post("/tags")
    ... async def tags(ctx):
    ...     return (await ctx.form()).get_all("tag")
    >>> client.post("/size", data=iter([b"many ", b"bytes"])).text
    '10'
    >>> client.post("/tags", data={"tag": ["new", "red"]}).json()
    ['new', 'red']
    """

    # The Context sets them: a second __init__ would cost every request a call.
    request: Request
    engine: Engine
    route: Route | None
    params: Params
    _query: Query | None
    _stream: BodyStream | None
    _form: Form | None

    __slots__ = ("_form", "_query", "_stream", "engine", "params", "request", "route")

    @property
    def method(self) -> str:
        """The method, in capitals: "GET"."""
        return self.request.method

    @property
    def path(self) -> str:
        """The path, percent-decoded: "/users/1"."""
        return self.request.path

    @property
    def host(self) -> str:
        """The host and port the client named: "example.org:8000"; empty when it named none.

        Anybody can name any host: build no link of it that others will be shown.
        """
        return self.headers.get("host", "")

    @property
    def pattern(self) -> str:
        """The pattern of the route that was found: "/users/{id:int}"; empty when none was."""
        return self.route.pattern if self.route else ""

    @property
    def query(self) -> Query:
        """The query string as a mapping: `ctx.query.get("page", "1")`."""
        if self._query is None:
            self._query = Query(self.request.query_string)
        return self._query

    @property
    def headers(self) -> Headers:
        """The request's header fields; names compare without case."""
        return self.request.headers

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies the client sent, by name; of several of one name the first."""
        return parse_cookies(self.headers.get_all("cookie"))

    @property
    def body(self) -> bytes:
        """The request's body, whole. Raises TypeError in a route that streams it."""
        if self.request.incoming is not None:
            raise TypeError(
                "this route takes its body in pieces: write `async for piece in ctx.stream` or "
                "`await ctx.stream.read()`, or take `stream=True` away"
            )
        return self.request.body

    @property
    def stream(self) -> BodyStream:
        """The request's body piece by piece: `async for piece in ctx.stream`."""
        if self._stream is None:
            from asyncweb.stream import BodyStream  # loaded by those who take bodies in pieces

            self._stream = BodyStream(self.request)
        return self._stream

    @property
    def text(self) -> str:
        """The body as text, in the charset that its content type names; UTF-8 when it names none.

        Raises BadRequest for other bytes, HTTPError 415 for a charset that is not known here.
        """
        return read_text(self.body, self.headers.get("content-type", ""))

    def json(self) -> Any:
        """The body as JSON, in UTF-8. Raises BadRequest that names the place that is not JSON."""
        return read_json(self.body)

    async def form(self) -> Form:
        """The body as a form, files and all: `(await ctx.form()).files["photo"].save(path)`.

        In a route with `stream=True` it is read while it arrives, and files go to the disk: an
        upload may be larger than memory. Files close with the request. Raises BadRequest for a
        body that is no form, HTTPError 413 for too large a one and 415 for another content type.
        """
        if self._form is None:
            from asyncweb.form import read_form  # loaded by those who read forms

            kind = self.headers.get("content-type", "")
            self._form = await read_form(self.stream, kind, self.engine.offload)
        return self._form

    @property
    def client(self) -> tuple[str, int] | None:
        """The client's (host, port); None when it has none."""
        return self.request.client

    @property
    def scheme(self) -> str:
        """ "https" when the client speaks to this server over TLS, else "http"."""
        return self.request.scheme

    @property
    def url(self) -> str:
        """What was asked for, whole: "https://localhost:8000/users/1?full=yes".

        The host is the one the client named, which is the client's word and no proof.
        """
        host = self.headers.get("host", "localhost")
        target = self.request.target
        return f"{self.scheme}://{host}{'' if target == '*' else target}"

    @property
    def closed(self) -> bool:
        """Whether the client has closed its side: hardly anybody will read the answer.

        True when it has gone, and also when it has said that it sends no more, and may still read.
        A handler that works for long may ask now and then, and give up. On AsyncServer one that
        waits when its client goes learns of it there and does not get past that await: ClientGone
        in `ctx.send`, asyncio.CancelledError in any other. On ThreadServer it goes on until it
        sends, which is ClientGone, or asks here.
        """
        link = self.request.link
        return link is not None and link.closed

    @property
    def last_event_id(self) -> str | None:
        """The id of the event this client heard last, when it comes back to an EventStream."""
        value = self.headers.get("last-event-id")
        return None if value is None else value.encode("latin-1").decode(errors="replace")
