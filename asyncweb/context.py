"""The Context: one request and its answer in the making.

Rule: a Context waits for nothing by itself; it asks the engine that serves it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from asyncweb.engine import Engine
from asyncweb.errors import HTTPError
from asyncweb.http.bytestream import ByteStream
from asyncweb.http.content import read_json, read_text
from asyncweb.http.cookies import parse_cookies
from asyncweb.http.fields import Headers, Query
from asyncweb.http.file import FileBody, select
from asyncweb.http.messages import Request, Response, switched
from asyncweb.http.routing import Params, Route
from asyncweb.http.status import checked_status
from asyncweb.http.upgrade import check_upgrade
from asyncweb.sending import Piece, Sending, check_open
from asyncweb.state import State
from asyncweb.stream import BodyStream

if TYPE_CHECKING:
    from asyncweb.form import Form


class Context:
    """One request and its answer in the making: what every handler and middleware is given.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.get("/greet/{name}")
    ... def greet(ctx):
    ...     ctx.response.headers["x-seen"] = ctx.headers["user-agent"]
    ...     return f"{ctx.query.get('word', 'Hello')}, {ctx.params['name']}!"
    >>> answer = app.test_client(headers={"user-agent": "me"}).get("/greet/Ada?word=Hi")
    >>> answer.text, answer.headers["x-seen"]
    ('Hi, Ada!', 'me')
    """

    sending: Sending | None  # there while the handler sends

    __slots__ = (
        "_draft", "_form", "_query", "_state", "_stream", "answered", "before_upgrade",
        "engine", "fault", "params", "request", "route", "sending", "taken_over",
    )  # fmt: skip

    def __init__(self, request: Request, engine: Engine):
        self.request = request
        self.engine = engine
        self.route: Route | None = None
        self.fault: HTTPError | None = None  # why there is no route
        self.params: Params = {}
        self._state: State | None = None
        self._query: Query | None = None
        self._stream: BodyStream | None = None
        self._form: Form | None = None
        self._draft: Response | None = None
        self.answered = False
        self.before_upgrade: Sequence[Callable[[Context], Any]] = ()  # the app's hooks
        self.taken_over = False

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
            self._form = await read_form(self.stream, kind, self.offload)
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

        A handler that works for long may ask now and then, and give up. On AsyncServer a handler
        that waits is cancelled when its client has gone.
        """
        link = self.request.link
        return link is not None and link.closed

    @property
    def last_event_id(self) -> str | None:
        """The id of the event this client heard last, when it comes back to an EventStream."""
        value = self.headers.get("last-event-id")
        return None if value is None else value.encode("latin-1").decode(errors="replace")

    @property
    def state(self) -> State:
        """A bag of this request's own, to hand things from middleware to handler."""
        if self._state is None:
            self._state = State()
        return self._state

    @property
    def response(self) -> Response:
        """Status and headers for a handler that returns a plain value; then the answer itself."""
        if self._draft is None:
            self._draft = Response()
        return self._draft

    async def send(self, piece: bytes | str = b"") -> None:
        """Sends `piece` of the answer now, and goes on when the client has room for more.

        The first call begins the answer, with the status and headers of `ctx.response`; without a
        piece it sends these alone. Returning, with nothing, ends it. For a handler that is `async
        def`; a plain one does the same with `yield`. Raises ClientGone when nobody takes the rest:
        the client has left, or asked with HEAD. What goes wrong later breaks the answer off.

            async def count(ctx):
                for number in range(3):
                    await ctx.send(f"{number}\\n")
                    await ctx.sleep(1)
        """
        if not isinstance(piece, bytes | str):
            raise TypeError(f"ctx.send({type(piece).__name__}): expected bytes or str")
        check_open(self, may_have_begun=True)
        await Piece(piece)

    async def send_once(self, value: Any) -> None:
        """Sends `value` as the whole answer now, whatever a handler may return; then goes on.

        The client has its answer while the handler works on, and can leave without ending it.
        On AsyncServer that delays nobody else; on ThreadServer it keeps its thread, and the next
        request on this connection waits. An error in it is kept in `server.errors`.

            async def order(ctx):
                await ctx.send_once(("accepted", 202))
                await ctx.offload(deliver, ctx.json())
        """
        check_open(self, may_have_begun=False)
        await Piece(self.answer(value), is_whole=True)

    async def sleep(self, seconds: float) -> None:
        """Waits the way this server waits: a thread sleeps, a task is suspended."""
        await self.engine.sleep(seconds)

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        """The result of `function(*args)`, run where it blocks nobody else."""
        return await self.engine.offload(function, *args)

    async def take_over(
        self, upgrade: str | None = None, headers: Mapping[str, str] | None = None
    ) -> ByteStream:
        """The raw connection, for a protocol of one's own; it closes when the handler returns.

            stream = await ctx.take_over(upgrade="echo")
            while data := await stream.read():
                await stream.write(data)

        With `upgrade` the client must ask for that protocol, and is first told 101 with `headers`
        and those of `ctx.response`; else HTTPError 426. Without it nothing is sent, and the client
        must wait for the first word: else HTTPError 400. Of the handler's answer nothing is sent.
        """
        check_open(self, may_have_begun=False)
        link = self.request.link
        if link is None:
            raise TypeError("this request came over no connection that could be taken over")
        fields = Headers()
        if upgrade is not None:
            check_upgrade(self.request, upgrade)
            await self.ask_hooks()
            fields = Headers([*self.response.headers.fields(), *(headers or {}).items()])
        stream = await link.take_over(upgrade, fields)
        self.taken_over = True
        return stream

    async def ask_hooks(self) -> None:
        """Asks the app's hooks whether the connection may go on in another protocol."""
        for hook in self.before_upgrade:
            value = hook(self)
            if isinstance(value, Awaitable):
                await value

    def answer(self, value: Any) -> Response:
        """`value` as a Response, completed by what the handler wrote into `ctx.response`."""
        if self.taken_over:
            return switched()
        response = Response.of(value)
        if isinstance(response.body, FileBody):
            select(response, response.body, self.request)
        if self._draft is not None and not self.answered:
            response = response.copy()  # the handler's own may answer other requests too
            _complete(response, self._draft, is_plain=not isinstance(value, Response | tuple))
        self._draft, self.answered = response, True
        return response


def _complete(response: Response, draft: Response, is_plain: bool) -> None:
    """What was returned outright wins over the draft; only cookies add up."""
    if is_plain:
        if draft.status != 200:
            response.status = checked_status(draft.status)
        response.reason = draft.reason
        response.update_headers(draft.headers.fields())
        return
    own = set(response.headers)
    for name, value in draft.headers.fields():
        if name == "set-cookie" or name not in own:
            response.headers.add(name, value)
