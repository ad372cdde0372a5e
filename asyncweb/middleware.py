"""The onion: functions around functions, for `def` and for `async def`.

Rule: plain code cannot wait for code that waits. A `def` middleware sees the answer of a handler
that is done when it returns; the answer of one that waits it can only pass on.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from asyncweb.context import Context
from asyncweb.errors import NeedsEventLoop
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


def layer(function: Middleware, inner: Respond) -> Respond:
    """`function` around `inner`, as one coroutine function."""
    is_async = inspect.iscoroutinefunction(function)

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
