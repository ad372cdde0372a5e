"""The onion: functions around functions, for `def` and for `async def`.

Rule: plain code cannot wait for code that waits. A `def` middleware sees the answer of a handler
that is done when it returns; the answer of one that waits it can only pass on.

Recipes, to copy and change. An app that is asked without a server:

>>> from asyncweb import App, Request
>>> from asyncweb.coroutine import run_to_end
>>> app, now = App(), 0.0
>>> def ask(method="GET", *headers):
...     request = Request(method, "/", headers)
...     return run_to_end(app.respond(app.context(request, None)), "")

How long the handler took, for the browser's network panel (with `time.perf_counter` for `clock`):

>>> def clock():
...     global now
...     now += 0.5
...     return now
>>> @app.middleware
... async def timing(ctx, next):
...     began = clock()
...     response = await next(ctx)
...     response.headers.add("server-timing", f"app;dur={1000 * (clock() - began):.1f}")
...     return response
>>> @app.get("/")
... def home(ctx):
...     return "home"
>>> ask().headers["server-timing"]
'app;dur=500.0'

A log of requests (with `logging.getLogger("requests").info` for `print`):

>>> @app.middleware
... async def log(ctx, next):
...     response = await next(ctx)
...     print(ctx.client, ctx.method, ctx.request.raw_path, response.status)
...     return response
>>> ask().status
None GET / 200
200

CORS: which pages of other sites may read the answers (RFC 6454; the preflight is an OPTIONS):

>>> @app.middleware
... async def cors(ctx, next, allowed=("https://class.example",)):
...     response = await next(ctx)
...     response.headers.add("vary", "origin")
...     if ctx.headers.get("origin") in allowed:
...         response.headers["access-control-allow-origin"] = ctx.headers["origin"]
...         if ctx.method == "OPTIONS":
...             response.headers["access-control-allow-methods"] = "GET, POST"
...             response.headers["access-control-allow-headers"] = "content-type"
...     return response
>>> ask("OPTIONS", (b"Origin", b"https://class.example")).headers["access-control-allow-origin"]
None OPTIONS / 204
'https://class.example'
>>> "access-control-allow-origin" in ask("GET", (b"Origin", b"https://elsewhere.example")).headers
None GET / 200
False

At most 2 requests of one client in a second; of a client that is gone nothing is kept for long:

>>> seen = {}
>>> @app.middleware
... async def limit(ctx, next):
...     second, client = int(clock()), ctx.client and ctx.client[0]
...     if seen.get("second") != second:
...         seen.clear()
...         seen["second"] = second
...     seen[client] = seen.get(client, 0) + 1
...     if seen[client] > 2:
...         return "too many requests", 429, {"retry-after": "1"}
...     return await next(ctx)
>>> clock = lambda: 7.0
>>> [ask().status for _ in range(3)]
None GET / 200
None GET / 200
None GET / 429
[200, 200, 429]
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Generator, Sequence
from typing import Any

from asyncweb.context import Context
from asyncweb.errors import NeedsEventLoop
from asyncweb.http.awaiting import function_of
from asyncweb.http.messages import Response

Respond = Callable[[Context], Coroutine[Any, Any, Response]]
Middleware = Callable[[Context, Callable[..., Any]], Any]


class Unfinished:
    """What `next(ctx)` gives a plain `def` while the handler waits: only to be returned."""

    def __init__(self, coroutine: Coroutine[Any, Any, Response], waits_for: Any):
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, Response]:
        waits_for = self._waits_for
        try:
            while True:
                try:
                    value = yield waits_for
                except BaseException as error:
                    waits_for = self._coroutine.throw(error)
                else:
                    waits_for = self._coroutine.send(value)
        except StopIteration as done:
            response: Response = done.value
            return response

    def __getattr__(self, name: str) -> Any:
        self._coroutine.close()
        raise NeedsEventLoop(
            f"a plain `def` middleware asked for .{name} of an answer whose handler still waits; "
            "make it `async def` and write `response = await next(ctx)`"
        )


def onion(functions: Sequence[Middleware], respond: Respond) -> Respond:
    """`functions` around `respond`, the first outermost."""
    for function in reversed(functions):
        respond = layer(function, respond)
    return respond


def layer(function: Middleware, inner: Respond) -> Respond:
    """`function` around `inner`, as one coroutine function."""
    is_async = inspect.iscoroutinefunction(function_of(function))

    async def respond(ctx: Context) -> Response:
        def onward(_: Context = ctx) -> Any:
            return inner(ctx) if is_async else _begin(inner(ctx))

        value = function(ctx, onward)
        if is_async or isinstance(value, Unfinished):
            value = await value
        if value is None:
            name = getattr(function, "__name__", function)
            raise TypeError(f"middleware {name} returned None; return what next(ctx) gave it")
        return ctx.answer(value)

    return respond


def _begin(coroutine: Coroutine[Any, Any, Response]) -> Response | Unfinished:
    """Runs `coroutine` as far as it goes without waiting."""
    try:
        return Unfinished(coroutine, coroutine.send(None))
    except StopIteration as done:
        response: Response = done.value
        return response
