"""What an App declares of other protocols than HTTP.

Rule: a WebSocket is a route like any other, which only an upgrade finds.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from asyncweb.context import Context
from asyncweb.errors import RouteError
from asyncweb.hooks import check_arguments, without_namesake
from asyncweb.http.pattern import check_is_path
from asyncweb.http.routing import WEBSOCKET, Route, RouteTable

H = TypeVar("H", bound=Callable[..., Any])


class Upgrades:
    """The part of an App that goes on where HTTP ends.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.websocket("/chat/{room}")
    ... async def chat(ws):
    ...     async for message in ws:
    ...         await ws.send(f"{ws.params['room']}: {message}")
    >>> with app.test_client().websocket("/chat/tea") as ws:
    ...     ws.send("hello")
    ...     ws.receive()
    'tea: hello'
    """

    _table: RouteTable
    _before_upgrade: list[Callable[[Context], Any]]

    def _changed(self) -> None:
        """Tells those who watch the app."""

    def websocket(
        self,
        pattern: str,
        *,
        origins: Sequence[str] | None = None,
        subprotocols: Sequence[str] = (),
    ) -> Callable[[H], H]:
        """Opens a WebSocket on `pattern` with the `async def` function below it.

        `origins` are those of the pages whose scripts may connect, as ["https://example.com"] or
        ["*"]; without it only pages of this server may. Of `subprotocols` the first that the
        client offers is agreed on. The middleware is around the whole life of it.
        """
        check_is_path(pattern, "websocket")
        for name, value in (("origins", origins), ("subprotocols", subprotocols)):
            if isinstance(value, str):
                raise RouteError(f"{name}={value!r}: expected a list such as [{value!r}]")

        def add(handler: H) -> H:
            from asyncweb.websocket import session  # loaded by those who open one

            if not inspect.iscoroutinefunction(handler):
                name = getattr(handler, "__name__", repr(handler))
                raise RouteError(
                    f"the WebSocket handler {name} of {pattern!r} must be an `async def`: it waits "
                    f"for messages, as in `async def {name}(ws): ...`"
                )
            route = Route(pattern, (WEBSOCKET,), session(handler, origins, subprotocols))
            self._table = self._table.with_route(route)
            self._changed()
            return handler

        return add

    def before_upgrade(self, function: H) -> H:
        """Runs `function(ctx)` before a connection goes on in another protocol, as a WebSocket.

        What it returns instead of None is the answer, and nobody is let in: `return "log in", 401`;
        an HTTPError that it raises does the same. False, or True, is no answer: a 500. It may add
        fields to `ctx.response.headers`, which go out with the 101.

        >>> from asyncweb import App
        >>> app = App()
        >>> @app.before_upgrade
        ... def members_only(ctx):
        ...     if "id" not in ctx.cookies:
        ...         return "log in first", 401
        >>> @app.websocket("/")
        ... async def news(ws):
        ...     await ws.send("news")
        >>> with app.test_client() as client, client.websocket("/") as ws:
        ...     ws.receive()
        Traceback (most recent call last):
        asyncweb.errors.HTTPError: log in first
        """
        check_arguments(function, "upgrade hook", "ctx")
        self._before_upgrade = [*without_namesake(self._before_upgrade, function), function]
        self._changed()
        return function
