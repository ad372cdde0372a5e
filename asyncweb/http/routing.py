"""From a method and a path to the handler meant for it.

Rule: a table is never changed; adding a route makes a new table, so a server can swap tables
between two requests.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, TypeAlias

from asyncweb.errors import HTTPError, RouteError
from asyncweb.http.awaiting import function_of, may_suspend, may_suspend_itself
from asyncweb.http.messages import Request
from asyncweb.http.pattern import SPECIFICITY, Segment, parse_pattern
from asyncweb.http.target import percent_decode
from asyncweb.http.upgrade import asks_for

Handler = Callable[..., Any]
Params = dict[str, Any]

WEBSOCKET = "WEBSOCKET"  # stands for a method: what a handshake's GET is looked up by


class Route:
    """A pattern, the methods it answers and its handler.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.get("/users/{id:int}")
    ... async def user(ctx):
    ...     await ctx.sleep(0.01)
    >>> route = app.routes[0]
    >>> route.pattern, route.methods, route.is_plain, route.is_async, route.suspends
    ('/users/{id:int}', ('GET',), False, True, True)
    >>> route.name, route.segments[1].kind
    ('asyncweb.http.routing.user', 'int')
    >>> route.on("/people/{id:int}", ("GET", "POST"))
    <Route GET POST /people/{id:int} to asyncweb.http.routing.user>
    """

    def __init__(
        self,
        pattern: str,
        methods: tuple[str, ...],
        handler: Handler,
        streams: bool = False,
        middleware: tuple[Handler, ...] = (),
    ):
        _check_handler(handler, pattern)
        self.pattern = pattern
        self.methods = methods
        self.handler = handler
        self.streams = streams  # the handler takes the body of a request while it arrives
        self.middleware = middleware  # around the handler, the first outermost

    def on(self, pattern: str, methods: tuple[str, ...]) -> Route:
        """A route to the same handler from another place."""
        return Route(pattern, methods, self.handler, self.streams, self.middleware)

    @cached_property
    def segments(self) -> tuple[str | Segment, ...]:
        """The pattern, parsed. Raises RouteError when it is no pattern."""
        return parse_pattern(self.pattern)

    @cached_property
    def suspends(self) -> bool:
        """Whether answering may have to wait, and so needs a task on an event loop."""
        return may_suspend(self.handler) or any(map(may_suspend_itself, self.middleware))

    @cached_property
    def is_async(self) -> bool:
        """Whether the handler is an `async def`, whose coroutine is to be awaited."""
        return inspect.iscoroutinefunction(function_of(self.handler))

    @cached_property
    def is_plain(self) -> bool:
        """Whether nothing but a plain `def` is called for it."""
        return not self.is_async and not self.middleware

    @property
    def name(self) -> str:
        """The handler as `module.function`: what makes a redefinition the same handler."""
        return handler_name(self.handler)

    def __repr__(self) -> str:
        return f"<Route {' '.join(self.methods)} {self.pattern} to {self.name}>"


def handler_name(handler: Handler) -> str:
    """`handler` as `module.function`."""
    function = function_of(handler)
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{getattr(function, '__module__', '?')}.{name}"


def _check_handler(handler: Handler, pattern: str) -> None:
    if not callable(handler):
        raise RouteError(f"the handler of {pattern!r} is {handler!r}; expected a function of ctx")
    try:
        inspect.signature(handler).bind(None)
    except TypeError as error:
        name = getattr(handler, "__name__", handler)
        raise RouteError(
            f"handler {name} of {pattern!r} must take ctx and nothing else, as in "
            f"`def {name}(ctx): ...` ({error})"
        ) from None
    except ValueError:
        return  # a callable without a signature: it will show when it is called


class _Node:
    """A place in the tree of segments. Built while a table is made, then only read."""

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.parameters: list[tuple[Segment, _Node]] = []
        self.routes: dict[str, tuple[Route, tuple[str, ...]]] = {}

    def child(self, segment: str | Segment) -> _Node:
        if isinstance(segment, str):
            return self.words.setdefault(segment, _Node())
        for known, node in self.parameters:
            if known == segment:
                return node
        node = _Node()
        self.parameters.append((segment, node))
        self.parameters.sort(key=lambda entry: SPECIFICITY.index(entry[0].kind))
        return node

    def find(self, parts: list[str], at: int, values: tuple[Any, ...], found: list[_Found]) -> None:
        """Adds every node that `parts` lead to from `at` on, the most specific first."""
        if at == len(parts):
            found.append((self, values))
            return
        part = parts[at]
        if part in self.words:
            self.words[part].find(parts, at + 1, values, found)
        for segment, node in self.parameters:
            value = segment.convert(part)
            if value is not None:
                node.find(parts, at + 1, (*values, value), found)
            if segment.takes_rest and at + 1 < len(parts):
                value = segment.convert("/".join(parts[at:]))
                if value is not None:
                    found.append((node, (*values, value)))


_Found: TypeAlias = tuple[_Node, tuple[Any, ...]]  # with the values met on the way


class RouteTable:
    """All routes of an app. Immutable: `with_route` gives a new table."""

    def __init__(self, routes: tuple[Route, ...] = ()):
        self.routes = routes
        self._root = _Node()
        self._exact: dict[tuple[str, str], Route] = {}
        for route in routes:
            self._insert(route)

    def with_route(self, route: Route) -> RouteTable:
        """This table and `route`; a route of the same handler name, place and method gives way.

        The name alone tells: of one place there is one handler, and a cell that makes it of other
        values, or of another object, may run again. Raises RouteError when another handler holds
        that place.
        """
        kept = []
        for old in self.routes:
            shared = set(old.methods) & set(route.methods)
            if old.segments != route.segments or not shared:
                kept.append(old)
                continue
            if old.name != route.name:
                raise RouteError(
                    f"{min(shared)} {route.pattern} ({route.name}) collides with "
                    f"{old.pattern} ({old.name}); give one another path, or the same "
                    "function name to replace it"
                )
            rest = tuple(method for method in old.methods if method not in shared)
            if rest:
                kept.append(old.on(old.pattern, rest))
        return RouteTable((*kept, route))

    def find(self, method: str, raw_path: str) -> tuple[Route, Params]:
        """The route for `method` on the undecoded `raw_path`, and its parameters.

        HEAD falls back to GET. Raises HTTPError 404, or 405 with Allow.
        """
        route = self._exact.get((method, raw_path))
        if route is not None:
            return route, {}
        for node, values in self._nodes(raw_path):
            entry = node.routes.get(method) or (method == "HEAD" and node.routes.get("GET"))
            if entry:
                return entry[0], dict(zip(entry[1], values, strict=True))
        allowed = self.allowed(raw_path)
        if method == "GET" and WEBSOCKET in allowed:
            upgrade = {"upgrade": "websocket", "sec-websocket-version": "13"}
            raise HTTPError(426, "here is a WebSocket; connect with a WebSocket client", upgrade)
        if WEBSOCKET in allowed:
            allowed = sorted({*allowed, "GET"} - {WEBSOCKET})
        if not allowed:
            raise HTTPError(404, f"no route for {percent_decode(raw_path)}")
        allow = ", ".join(allowed)
        raise HTTPError(405, f"{method} is not allowed here; allowed: {allow}", {"allow": allow})

    def find_upgrade(self, request: Request) -> tuple[Route, Params]:
        """The route for a request that asks to go on in another protocol: a WebSocket's, if any."""
        if request.method == "GET" and asks_for(request, "websocket"):
            with suppress(HTTPError):
                return self.find(WEBSOCKET, request.raw_path)
        return self.find(request.method, request.raw_path)

    def allowed(self, raw_path: str) -> list[str]:
        """The methods `raw_path` answers, sorted; empty when nothing is there."""
        if raw_path == "*":
            methods = {method for route in self.routes for method in route.methods}
        else:
            methods = {method for node, _ in self._nodes(raw_path) for method in node.routes}
        if not methods:
            return []
        return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))

    def _nodes(self, raw_path: str) -> list[_Found]:
        found: list[_Found] = []
        if raw_path != "*":
            parts = raw_path[1:].split("/")
            if "%" in raw_path:
                # Split first, decode then: a %2F in a segment is a character of it, not a border.
                parts = [percent_decode(part) for part in parts]
            self._root.find(parts, 0, (), found)
        return found

    def _insert(self, route: Route) -> None:
        node = self._root
        for segment in route.segments:
            node = node.child(segment)
        names = tuple(segment.name for segment in route.segments if isinstance(segment, Segment))
        for method in route.methods:
            node.routes[method] = (route, names)
            if not names:
                self._exact[method, route.pattern] = route

    def __getstate__(self) -> Mapping[str, Any]:
        return {"routes": self.routes}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__init__(state["routes"])  # type: ignore[misc]
