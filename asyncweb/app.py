"""The App: routes, the middleware around them, and what to do when a handler raises.

Rule: this module waits for nothing by itself. An engine hands in its way of waiting, and drives
`App.respond` to its end. Exceptions become responses here and nowhere else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from asyncweb.context import Context, Refusal
from asyncweb.coroutine import run_to_end
from asyncweb.engine import Engine
from asyncweb.errors import ClientGone, HTTPError
from asyncweb.gateways.callable import Callee
from asyncweb.hooks import Hooks, check_arguments, error_response, without_namesake
from asyncweb.http.awaiting import may_suspend, may_suspend_itself
from asyncweb.http.messages import TEXT, Request, Response
from asyncweb.http.routing import RouteTable
from asyncweb.middleware import Middleware, Respond, onion
from asyncweb.routes import Routes
from asyncweb.sending import Piece, begin, in_its_place, run_on
from asyncweb.state import State
from asyncweb.upgrades import Upgrades

if TYPE_CHECKING:
    from asyncweb.compression import Compression

H = TypeVar("H", bound=Callable[..., Any])
ErrorHandler = Callable[[Context, Any], Any]


class App(Hooks, Routes, Upgrades, Callee):
    """Routes with their handlers, the middleware around them, and what to do when one raises.

    One App can be served by several servers at once, and changed while they run: each request
    sees the app as it was when the request arrived.

    >>> app = App()
    >>> @app.get("/users/{id:int}")
    ... async def user(ctx):
    ...     return {"id": ctx.params["id"]}
    >>> app.test_client().get("/users/7").json()
    {'id': 7}

    This is how an engine asks it:

    >>> request = Request("GET", "/users/7")
    >>> ctx = app.context(request, engine=None)
    >>> app.streams(request), app.suspends(ctx)  # else: await app.respond(ctx)
    (False, False)
    >>> app.respond_here(ctx, advice="").body
    b'{"id":7}'
    """

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self._table = RouteTable()
        self._middleware: list[Middleware] = []
        self._compression: Compression | None = None
        self._error_handlers: dict[type[BaseException], ErrorHandler] = {}
        self._before_upgrade = []
        self._watchers: list[Callable[[], None]] = []
        self._wrap()

    # ------------------------------------------------------------------ what a program declares

    def middleware(self, function: H) -> H:
        """Puts `function(ctx, next)` around every request, the first added outermost.

        `async def` writes `response = await next(ctx)`. A plain `def` writes
        `response = next(ctx)`; when the handler has to wait it may only `return next(ctx)`.
        Returning anything else short-circuits. A function that is defined again replaces itself.

        >>> app = App()
        >>> @app.middleware
        ... async def guard(ctx, next):
        ...     if ctx.path == "/admin":
        ...         return "not for you", 403
        ...     return await next(ctx)
        >>> home = app.get("/")(lambda ctx: "home")
        >>> client = app.test_client()
        >>> client.get("/").text, client.get("/admin").text
        ('home', 'not for you')
        """
        check_arguments(function, "middleware", "ctx, next")
        self._middleware = [*without_namesake(self._middleware, function), function]
        self._changed()
        return function

    def compress(self, minimum_bytes: int = 512) -> None:
        """Compresses answers of at least `minimum_bytes` for clients that accept it.

        With zstd and br where the extra `asyncweb[compress]` is installed, gzip and deflate always.
        Text, JSON and their kind; each piece of a stream at once. Off until it is called. A page
        that shows a secret beside something the client has sent lets others guess the secret by
        the length of the answer (BREACH): such a page says `Cache-Control: no-transform`.

        >>> app = App()
        >>> app.compress()
        >>> words = app.get("/")(lambda ctx: "word " * 1000)
        >>> answer = app.test_client(headers={"accept-encoding": "gzip"}).get("/")
        >>> answer.headers["content-encoding"], len(answer.body) < 100
        ('gzip', True)
        """
        from asyncweb.compression import Compression  # loaded by those who compress

        self._compression = Compression(minimum_bytes)
        self._changed()

    def on_error(self, kind: type[BaseException]) -> Callable[[H], H]:
        """Answers exceptions of `kind` with `function(ctx, error)`; the closest kind wins.

        >>> app = App()
        >>> price = app.get("/{name}")(lambda ctx: {"tea": 3}[ctx.params["name"]])
        >>> @app.on_error(KeyError)
        ... def missing(ctx, error):
        ...     return {"missing": str(error)}, 404
        >>> app.test_client().get("/coffee").json()
        {'missing': "'coffee'"}
        """
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            raise TypeError(f"on_error({kind!r}): expected a kind of exception, e.g. ValueError")

        def add(function: H) -> H:
            check_arguments(function, "error handler", "ctx, error")
            self._error_handlers = {**self._error_handlers, kind: function}
            self._changed()
            return function

        return add

    # ------------------------------------------------------------------ what an engine calls

    def context(self, request: Request, engine: Engine) -> Context:
        """The Context of `request`, its route already found."""
        ctx = Context(request, engine)
        try:
            if request.upgrades:
                ctx.before_upgrade = self._before_upgrade
                ctx.route, ctx.params = self._table.find_upgrade(request)
            else:
                ctx.route, ctx.params = self._table.find(request.method, request.raw_path)
        except HTTPError as fault:
            ctx.fault = fault
        return ctx

    def streams(self, request: Request) -> bool:
        """Whether the handler of `request` takes its body piece by piece."""
        try:
            return self._table.find(request.method, request.raw_path)[0].streams
        except HTTPError:
            return False

    def suspends(self, ctx: Context) -> bool:
        """Whether answering may have to wait, so that an event loop needs a task for it."""
        return self._wrapping_suspends or (ctx.route is not None and ctx.route.suspends)

    def respond(self, ctx: Context) -> Coroutine[Any, Any, Response]:
        """The answer to `ctx`: through the middleware to the handler and back. Never raises."""
        return self._through(self._outermost, ctx) if self._is_wrapped else self._handle(ctx)

    def respond_here(self, ctx: Context, advice: str) -> Response:
        """The answer to `ctx`, here and now; an await that has to wait is told `advice`."""
        route = ctx.route
        if route is None or self._is_wrapped or not route.is_plain:
            answer: Response = run_to_end(self.respond(ctx), advice)
            return answer
        try:  # the same without a coroutine, which would cost more than most handlers
            return ctx.answer(route.handler(ctx))
        except (Exception, SystemExit) as error:
            answer = run_to_end(self._answer_error(ctx, error), advice)
            return answer

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls `changed()` after each change of the app; returns a function that ends it.

        >>> app = App()
        >>> end = app.watch(lambda: print("now:", app))
        >>> home = app.get("/")(lambda ctx: "home")
        now: <App with 1 routes>
        >>> end()
        """
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    def adopt(self, other: App) -> None:
        """Becomes what `other` is, between two requests.

        >>> app, newer = App(), App()
        >>> home = newer.get("/")(lambda ctx: "new")
        >>> app.adopt(newer)
        >>> app.test_client().get("/").text
        'new'
        """
        self.__setstate__(other.__getstate__())

    async def _through(self, outermost: Respond, ctx: Context) -> Response:
        """Through all layers, with an answer for what they raise.

        What the handler has begun to send goes with the answer, whichever they give.
        """
        try:
            response = await outermost(ctx)
        except (Exception, SystemExit) as error:
            response = await self._answer_error(ctx, error)
        return response if ctx.sending is None else await ctx.sending.settled(response)

    async def _handle(self, ctx: Context, is_inside: bool = False) -> Response:
        """The handler, inside its route's own layers. It never raises: middleware sees a 500."""
        route = ctx.route
        try:
            if route is None:
                return _no_route(ctx)
            if route.middleware and not is_inside:
                inside = partial(self._handle, is_inside=True)
                return await self._through(onion(route.middleware, inside), ctx)
            value = route.handler(ctx)
            if route.is_async:
                handler, value = value, await (run_on(value) if route.suspends else value)
                if type(value) is Piece:
                    value = begin(ctx, handler, value)
            return ctx.answer(value)
        except (Exception, SystemExit) as error:
            return await self._answer_error(ctx, error)

    async def _answer_error(self, ctx: Context, error: BaseException) -> Response:
        if ctx.taken_over and isinstance(error, ClientGone):
            return ctx.answer(None)  # what the client has broken off is no failure of the app
        if isinstance(error, Refusal):
            return ctx.answer(error.value)
        for kind in type(error).__mro__:
            if kind in self._error_handlers:
                return await self._handled(ctx, self._error_handlers[kind], error)
        if isinstance(error, HTTPError) and not ctx.taken_over:
            try:
                return ctx.answer(error_response(error))
            except ValueError as worse:  # a status or a header that HTTP does not have
                error = worse
        return self.fail(ctx, error)

    def fail(self, ctx: Context, error: BaseException) -> Response:
        """The answer to an error nobody handled: a 500 that tells the client nothing of it.

        >>> class Ear:
        ...     def failed(self, request, error):
        ...         print(f"{request}: {error!r}")
        >>> app = App()
        >>> app.fail(app.context(Request("GET", "/"), Ear()), KeyError("tea"))
        <Request GET />: KeyError('tea')
        <Response 500, 21 bytes>
        """
        ctx.engine.failed(ctx.request, error)
        return in_its_place(ctx, Response("Internal Server Error", 500, content_type=TEXT))

    async def _handled(self, ctx: Context, handler: ErrorHandler, error: BaseException) -> Response:
        try:
            value = handler(ctx, error)
            return ctx.answer(await value if inspect.iscoroutine(value) else value)
        except (Exception, SystemExit) as worse:
            return self.fail(ctx, worse)

    def _wrap(self) -> None:
        """Builds the onion anew."""
        self._outermost = onion((*self._surrounding, *self._middleware), self._handle)
        if self._compression is not None:
            self._outermost = self._compression.around(self._outermost)
        self._is_wrapped = bool(self._surrounding or self._middleware or self._compression)
        waits = any(map(may_suspend, self._error_handlers.values()))
        self._wrapping_suspends = waits or any(map(may_suspend_itself, self._middleware))

    def _changed(self) -> None:
        self._wrap()
        for changed in self._watchers:
            changed()

    def __getstate__(self) -> dict[str, Any]:
        own = {"_watchers", "_surrounding", "_outermost", "_is_wrapped", "_wrapping_suspends"}
        return {key: value for key, value in vars(self).items() if key not in own | {*Callee.own}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__dict__.setdefault("_watchers", [])
        self._wrap()

    def __repr__(self) -> str:
        return f"<App with {len(self.routes)} routes>"


def _no_route(ctx: Context) -> Response:
    fault = ctx.fault
    assert fault is not None
    if ctx.method == "OPTIONS" and fault.status == 405:
        return ctx.answer(Response(status=204, headers=fault.headers))
    raise fault
