"""What a program says of paths: which handler answers what.

Rule: a route that is wrong is refused when it is declared; one that is declared again replaces
itself, and each request sees the table as it was when the request arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, TypeVar

from asyncweb.errors import RouteError
from asyncweb.hooks import check_arguments
from asyncweb.http.head import METHODS
from asyncweb.http.pattern import check_is_path
from asyncweb.http.routing import Route, RouteTable
from asyncweb.middleware import Middleware

H = TypeVar("H", bound=Callable[..., Any])


class Routes:
    """The routes of an app, and the decorators that add to them.

    >>> from asyncweb import App
    >>> app, notes = App(), ["milk"]
    >>> @app.get("/notes/{id:int}")
    ... def read(ctx):
    ...     return notes[ctx.params["id"]]
    >>> @app.post("/notes")
    ... def add(ctx):
    ...     notes.append(ctx.text)
    ...     return str(len(notes) - 1), 201
    >>> @app.put("/notes/{id:int}")
    ... def write(ctx):
    ...     notes[ctx.params["id"]] = ctx.text
    >>> @app.patch("/notes/{id:int}")
    ... def extend(ctx):
    ...     notes[ctx.params["id"]] += ctx.text
    >>> @app.delete("/notes/{id:int}")
    ... def forget(ctx):
    ...     notes[ctx.params["id"]] = ""
    >>> client = app.test_client()
    >>> client.post("/notes", data="tea").text, client.put("/notes/0", data="oat").status
    ('1', 204)
    >>> client.patch("/notes/0", data="s").status, client.delete("/notes/1").status, notes
    (204, 204, ['oats', ''])
    >>> [route.methods for route in app.routes]
    [('GET',), ('POST',), ('PUT',), ('PATCH',), ('DELETE',)]
    """

    _table: RouteTable

    def route(
        self,
        pattern: str,
        methods: tuple[str, ...] | list[str] = ("GET",),
        *,
        stream: bool = False,
        middleware: Sequence[Middleware] = (),
    ) -> Callable[[H], H]:
        """Answers `methods` on `pattern` with the function below it.

        With `stream=True` it is called when the head of a request has come, and takes the body
        while it arrives: `async for piece in ctx.stream`. `middleware` is a list of functions
        like those of `app.middleware`, around this handler only and inside of the others.
        Raises RouteError when another function holds that place; the same function, defined
        again, replaces what was there.

        >>> from asyncweb import App
        >>> app = App()
        >>> @app.route("/ping", ["GET", "POST"])
        ... def ping(ctx):
        ...     return ctx.method
        >>> app.test_client().post("/ping").text
        'POST'
        """
        if isinstance(methods, str) or not methods:
            raise RouteError(f"methods={methods!r}: expected a list such as ['GET', 'POST']")
        names = tuple(method.upper() for method in methods)
        unknown = [name for name in names if name not in METHODS]
        if unknown:
            raise RouteError(f"unknown method {unknown[0]!r}; known: {', '.join(METHODS)}")
        check_is_path(pattern, names[0].lower())
        around = checked_middleware(middleware)

        def add(handler: H) -> H:
            self._table = self._table.with_route(Route(pattern, names, handler, stream, around))
            self._changed()
            return handler

        return add

    def get(self, pattern: str, *, middleware: Sequence[Middleware] = ()) -> Callable[[H], H]:
        """Answers GET, and HEAD with the same headers."""
        return self.route(pattern, ("GET",), middleware=middleware)

    def post(
        self, pattern: str, *, stream: bool = False, middleware: Sequence[Middleware] = ()
    ) -> Callable[[H], H]:
        """Answers POST; for the options see `route`."""
        return self.route(pattern, ("POST",), stream=stream, middleware=middleware)

    def put(
        self, pattern: str, *, stream: bool = False, middleware: Sequence[Middleware] = ()
    ) -> Callable[[H], H]:
        """Answers PUT; for the options see `route`."""
        return self.route(pattern, ("PUT",), stream=stream, middleware=middleware)

    def patch(
        self, pattern: str, *, stream: bool = False, middleware: Sequence[Middleware] = ()
    ) -> Callable[[H], H]:
        """Answers PATCH; for the options see `route`."""
        return self.route(pattern, ("PATCH",), stream=stream, middleware=middleware)

    def delete(self, pattern: str, *, middleware: Sequence[Middleware] = ()) -> Callable[[H], H]:
        """Answers DELETE."""
        return self.route(pattern, ("DELETE",), middleware=middleware)

    def static(
        self,
        prefix: str,
        folder: str | PathLike[str],
        *,
        listing: bool = False,
        hidden: bool = False,
        max_age: int = 0,
        middleware: Sequence[Middleware] = (),
    ) -> None:
        """Answers paths below `prefix` with the files in `folder`: `app.static("/files", "data")`.

        With ranges, with 304 for those who have a file already, and `index.html` for a folder.
        Nothing leads out of the folder: no dots, no encodings, and of links only those that stay
        inside. A folder is listed only with `listing=True`; names that begin with a dot are only
        there with `hidden=True`. For `max_age` seconds a client need not ask again whether a file
        has changed. A handler that is declared already keeps its path. Whoever may write into the
        folder is trusted. Raises RouteError when it is none.

        >>> from pathlib import Path
        >>> from asyncweb import App
        >>> app = App()
        >>> app.static("/code", Path(__file__).parent)
        >>> client = app.test_client()
        >>> client.get("/code/routes.py").status, client.get("/code/../README.md").status
        (200, 404)
        """
        from asyncweb.static import Folder  # loaded by those who serve files

        _check_static(prefix, folder)
        prefix = prefix.rstrip("/")
        handler = Folder(prefix, folder, listing, hidden, max_age)
        others = {
            route.pattern
            for route in self.routes
            if "GET" in route.methods and not isinstance(route.handler, Folder)
        }
        for pattern in (prefix, f"{prefix}/", f"{prefix}/{{path:path}}"):
            if pattern and pattern not in others:
                self.get(pattern, middleware=middleware)(handler)

    @property
    def routes(self) -> tuple[Route, ...]:
        """All routes, in the order they were added."""
        return self._table.routes

    def _changed(self) -> None:
        """Called after each change."""


def checked_middleware(functions: object) -> tuple[Middleware, ...]:
    """`functions` as a route keeps them. Raises RouteError for what is no list of functions."""
    if callable(functions) or not isinstance(functions, Sequence) or isinstance(functions, str):
        raise RouteError(f"middleware={functions!r}: expected a list of functions of (ctx, next)")
    for function in functions:
        if not callable(function):
            raise RouteError(f"middleware {function!r} is no function of (ctx, next)")
        check_arguments(function, "middleware", "ctx, next")
    return tuple(functions)


def _check_static(prefix: object, folder: object) -> None:
    if not isinstance(prefix, str) or not isinstance(folder, str | PathLike):
        raise TypeError(
            f"static({prefix!r}, {folder!r}): expected a path and the name of a folder, as in "
            'app.static("/files", "data")'
        )
