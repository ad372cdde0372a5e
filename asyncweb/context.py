"""The Context: one request and its answer in the making.

Rule: a Context waits for nothing by itself; it asks the engine that serves it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from asyncweb.engine import Engine
from asyncweb.errors import HTTPError
from asyncweb.http.fields import Headers
from asyncweb.http.messages import Request, Response, switched
from asyncweb.http.routing import handler_name
from asyncweb.http.status import checked_status
from asyncweb.http.upgrade import check_upgrade
from asyncweb.received import Received
from asyncweb.sending import Piece, Sending, check_open
from asyncweb.state import State

if TYPE_CHECKING:
    from asyncweb.http.bytestream import ByteStream


class Refusal(HTTPError):
    """What a `before_upgrade` hook has returned: the answer to the request, as it is."""

    def __init__(self, status: int, value: Any):
        super().__init__(status, "refused by a before_upgrade hook")
        self.value = value


class Context(Received):
    """One request and its answer in the making: what every handler and middleware is given.

    Of the two halves this is the one that answers; Received is the one that reads.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.get("/greet/{name}")
    ... def greet(ctx):
    ...     ctx.response.headers["x-seen"] = ctx.headers["user-agent"]
    ...     return f"{ctx.query.get('word', 'Hello')}, {ctx.params['name']}!"
    >>> answer = app.test_client(headers={"user-agent": "me"}).get("/greet/Ada?word=Hi")
    >>> answer.text, answer.headers["x-seen"]
    ('Hi, Ada!', 'me')

    What middleware leaves in `ctx.state` the handler finds there:

    >>> @app.middleware
    ... async def login(ctx, next):
    ...     ctx.state.user = ctx.headers.get("x-user", "nobody")
    ...     return await next(ctx)
    >>> @app.get("/me")
    ... def me(ctx):
    ...     return ctx.state.user
    >>> app.test_client().get("/me", headers={"x-user": "Ada"}).text
    'Ada'
    """

    __slots__ = (
        "_draft", "_state", "answered", "before_upgrade", "fault", "sending", "taken_over",
    )  # fmt: skip

    def __init__(self, request: Request, engine: Engine):
        self.request = request
        self.engine = engine
        self.route = None
        self.params = {}
        self._query = self._stream = self._form = None
        self.fault: HTTPError | None = None  # why there is no route
        self._state: State | None = None
        self._draft: Response | None = None
        self.answered = False
        self.sending: Sending | None = None  # the answer that the handler has begun
        self.before_upgrade: Sequence[Callable[[Context], Any]] = ()  # the app's hooks
        self.taken_over = False

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

    def send(self, piece: bytes | str = b"") -> Coroutine[Any, Any, None]:
        """Sends `piece` of the answer now, and goes on when the client has room for more.

        The first call begins the answer, with the status and headers of `ctx.response`; without a
        piece it sends these alone. Returning, with nothing, ends it. For a handler that is `async
        def`; a plain one does the same with `yield`, and gets RuntimeError here. What goes wrong
        later breaks the answer off. Raises ClientGone when nobody takes the rest: the client has
        left, or asked with HEAD. On AsyncServer a client that leaves while the handler waits for
        something else, as in `ctx.sleep`, cancels it there, with asyncio.CancelledError; on
        ThreadServer it is told at its next piece. `finally` is reached on both.

        >>> from asyncweb import App
        >>> app = App()
        >>> @app.get("/")
        ... async def count(ctx):
        ...     for number in range(3):
        ...         await ctx.send(f"{number} ")
        >>> with app.test_client().stream("GET", "/") as answer:
        ...     b"".join(answer)
        b'0 1 2 '
        """
        self._check_awaits("send")
        return self._send(piece)

    async def _send(self, piece: bytes | str) -> None:
        if not isinstance(piece, bytes | str):
            raise TypeError(f"ctx.send({type(piece).__name__}): expected bytes or str")
        check_open(self, may_have_begun=True)
        if not self.answered:
            checked_status(self.response.status)  # here, where the handler hears of it
        await Piece(piece)
        if self.request.link is not None:
            # Here, and not where the piece is sent: a timeout of the handler ends its own wait.
            await self.request.link.room()

    def send_once(self, value: Any) -> Coroutine[Any, Any, None]:
        """Sends `value` as the whole answer now, whatever a handler may return; then goes on.

        The client has its answer while the handler works on, and can leave without ending it.
        On AsyncServer that delays nobody else; on ThreadServer it keeps its thread, and the next
        request on this connection waits. An error in it is kept in `server.errors`. With
        `stream=True` the body comes first: what is not taken by then raises HTTPError 400 when it
        is read, because a client that has its answer may send no more.

        >>> from asyncweb import App
        >>> app, delivered = App(), []
        >>> @app.post("/")
        ... async def order(ctx):
        ...     await ctx.send_once(("accepted", 202))
        ...     await ctx.offload(delivered.append, ctx.json())
        >>> with app.test_client() as client:
        ...     client.post("/", json="tea").status
        202
        >>> delivered  # when the client was closed, the handler had come to its end
        ['tea']
        """
        self._check_awaits("send_once")
        return self._send_once(value)

    async def _send_once(self, value: Any) -> None:
        check_open(self, may_have_begun=False)
        await Piece(self.answer(value), is_whole=True)

    def _check_awaits(self, name: str) -> None:
        """A plain `def` would drop what is to be awaited, and send nothing, without a word."""
        if self.route is not None and not self.route.is_async:
            raise RuntimeError(
                f"{Piece.advice}, and {self.route.name} is a plain `def`: make it an `async def` "
                f"with `await ctx.{name}(...)`, or `yield` each piece, or return the whole"
            )

    def sleep(self, seconds: float) -> Coroutine[Any, Any, None]:
        """Waits the way this server waits: a thread sleeps, a task is suspended.

        Less than 0 seconds is no wait.

        >>> from asyncweb import App
        >>> app = App()
        >>> @app.get("/")
        ... async def patient(ctx):
        ...     await ctx.sleep(0.001)
        ...     return "done"
        >>> [app.test_client(engine=kind).get("/").text for kind in ("async", "threads")]
        ['done', 'done']
        """
        return self.engine.sleep(seconds)

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        """The result of `function(*args)`, run where it blocks nobody else.

        Raises what it raises; RuntimeError for StopIteration, which no await can hand on. On
        AsyncServer the call goes on to its end though the handler is cancelled meanwhile; a stop
        gives it as long as a request, a second at least, then leaves it behind and warns of it.

        >>> from asyncweb import App
        >>> app = App()
        >>> @app.get("/{number:int}")
        ... async def total(ctx):
        ...     return str(await ctx.offload(sum, range(ctx.params["number"])))
        >>> app.test_client().get("/1000").text
        '499500'
        """
        return await self.engine.offload(function, *args)

    async def take_over(
        self, upgrade: str | None = None, headers: Mapping[str, str] | None = None
    ) -> ByteStream:
        """The raw connection, for a protocol of one's own; it closes when the handler returns.

        With `upgrade` the client must ask for that protocol, and is first told 101 with `headers`
        and those of `ctx.response`; else HTTPError 426. Without it nothing is sent, and the client
        must wait for the first word: else HTTPError 400. Of the handler's answer nothing is sent.

        >>> from asyncweb import App
        >>> app = App()
        >>> @app.get("/")
        ... async def by_hand(ctx):
        ...     stream = await ctx.take_over()
        ...     await stream.write(b"HTTP/1.1 200 OK\\r\\n\\r\\nby hand")
        >>> app.test_client().get("/").text
        'by hand'
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
        """Asks the app's hooks whether the connection may go on in another protocol.

        Raises Refusal when one of them answers instead, TypeError when that is no answer.

        >>> from asyncweb.coroutine import run_to_end
        >>> ctx = Context(Request("GET", "/"), engine=None)
        >>> ctx.before_upgrade = [lambda ctx: print("asked for", ctx.path)]
        >>> run_to_end(ctx.ask_hooks(), advice="")
        asked for /
        """
        for hook in self.before_upgrade:
            value = hook(self)
            if isinstance(value, Awaitable):
                value = await value
            if value is not None:
                raise _refusal(hook, value)

    def answer(self, value: Any) -> Response:
        """`value` as a Response, completed by what the handler wrote into `ctx.response`.

        A Response that comes from outside stays as it is: one may answer many requests.

        >>> ctx = Context(Request("GET", "/"), engine=None)
        >>> ctx.response.headers["x-seen"] = "yes"
        >>> ctx.answer(("made", 201)).headers["x-seen"]
        'yes'
        """
        if self.taken_over:
            return switched()
        draft, is_first = self._draft, not self.answered
        if draft is not None and value is draft and not is_first and isinstance(draft.body, bytes):
            return draft  # as most middleware passes it on
        response = Response.of(value)
        if response is value and (is_first or value is not draft):
            response = response.copy()
        if not isinstance(response.body, bytes):
            from asyncweb.http.file import FileBody, select  # loaded by those who stream

            if isinstance(response.body, FileBody):
                select(response, response.body, self.request)
        if is_first and draft is not None and value is not draft:
            _complete(response, draft, is_plain=not isinstance(value, Response | tuple))
        self._draft, self.answered = response, True
        return response


def _refusal(hook: Callable[[Context], Any], value: Any) -> Refusal:
    """What `hook` means by `value`, which it has returned instead of None."""
    try:
        return Refusal(Response.of(value).status, value)
    except TypeError as error:  # False, or True: whichever it means, nobody is let in by a guess
        raise TypeError(
            f"upgrade hook {handler_name(hook)} returned {value!r}: expected None, which lets "
            "the client in, or an answer that refuses it, such as ('not for you', 403)"
        ) from error


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
