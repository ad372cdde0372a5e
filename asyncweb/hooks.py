"""What an app does around its requests: at the start and the stop, and at the door.

Rule: a hook that fails never leaves a client without an answer, nor lets one in.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from asyncweb.engine import Engine
from asyncweb.errors import HTTPError, ProtocolError
from asyncweb.http.awaiting import function_of
from asyncweb.http.messages import TEXT, Response
from asyncweb.http.redefinition import is_redefinition
from asyncweb.http.routing import handler_name
from asyncweb.http.status import checked_status

H = TypeVar("H", bound=Callable[..., Any])
Hook = Callable[..., Any]
End = Callable[[], None]
Ear = Callable[[str, BaseException], None]  # hears which kind of hook has failed, and of what


class Unwelcome(ProtocolError):
    """What an `on_connect` hook has answered: it is said as it is, then we close."""


class Hooks:
    """The part of an App that its servers call when no request is there.

    A hook that is defined again, as when its cell runs again, replaces itself. Two of one name both
    run when they differ in more: the methods of two objects (`pool.close`), two objects that are
    called and not equal, and what one function makes of unequal values. So does middleware.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.on_startup
    ... def open_database():
    ...     print("open")
    >>> @app.on_shutdown
    ... async def close_database():
    ...     print("closed")
    >>> with app.test_client() as client:
    ...     client.get("/").status
    open
    404
    closed

    This is how an engine asks it:

    >>> from asyncweb.coroutine import run_to_end
    >>> run_to_end(app.startup(), advice="")
    open
    >>> run_to_end(app.shutdown(failed=print), advice="")
    closed
    >>> @app.on_connect
    ... def welcome(client):
    ...     if client[0] == "192.0.2.1":
    ...         raise HTTPError(403, "not from there")
    >>> refusal = run_to_end(app.greet(("192.0.2.1", 5000), engine=None), advice="")
    >>> app.greets, app.explains, app.refuse(refusal).body
    (True, False, b'not from there')
    """

    _surrounding: tuple[Hook, ...] = ()  # of this process only: no copy of the app takes it along

    def __init__(self) -> None:
        self._startup: list[Hook] = []
        self._shutdown: list[Hook] = []
        self._connect: list[Hook] = []
        self._protocol_error: Hook | None = None

    def _changed(self) -> None:
        """Hears of every hook that was added."""

    # ------------------------------------------------------------------ what a program declares

    def on_startup(self, function: H) -> H:
        """Runs `function()` when a server starts, before it accepts; an error stops the start."""
        check_arguments(function, "startup hook", "")
        self._startup = [*without_namesake(self._startup, function), function]
        self._changed()
        return function

    def on_shutdown(self, function: H) -> H:
        """Runs `function()` when a server has answered its last request.

        An error in it is kept in `server.errors`; the other hooks run all the same.
        """
        check_arguments(function, "shutdown hook", "")
        self._shutdown = [*without_namesake(self._shutdown, function), function]
        self._changed()
        return function

    def on_connect(self, function: H) -> H:
        """Runs `function(client)` when a client connects, before any request.

        `client` is its (host, port), None on a Unix socket. An HTTPError that it raises is the
        answer, and the connection is closed: `raise HTTPError(403, "not from there")`. Any other
        error is a 500, and so is a hook that returns something: only None lets the client in. It
        may be `async def`; on AsyncServer a plain `def` holds up the loop.

        >>> from asyncweb import App
        >>> app = App()
        >>> @app.on_connect
        ... def nobody(client):
        ...     raise HTTPError(403, "closed for today")
        >>> app.test_client().get("/").text
        'closed for today'
        """
        check_arguments(function, "connect hook", "client")
        self._connect = [*without_namesake(self._connect, function), function]
        self._changed()
        return function

    def on_protocol_error(self, function: H) -> H:
        """Answers bytes that are no request with what `function(error)` returns.

        `error` has `status`, `message` and `headers`; what is returned is what a handler may
        return, but no stream. A plain value keeps the error's status, None the plain refusal, which
        is also the answer when `function` fails: `return {"error": str(error)}`. The connection is
        closed in any case.

        >>> from asyncweb import App, Limits
        >>> app = App()
        >>> @app.on_protocol_error
        ... def refuse(error):
        ...     return {"error": str(error)}
        >>> app.test_client(limits=Limits(target_bytes=9)).get("/a/long/path").json()
        {'error': 'the target is longer than 9 bytes'}
        """
        check_arguments(function, "protocol error hook", "error")
        if inspect.iscoroutinefunction(function_of(function)):
            raise TypeError(
                f"protocol error hook {handler_name(function)} must be a plain `def`: "
                "there is no request, so there is nothing to wait for"
            )
        self._protocol_error = function
        self._changed()
        return function

    def surround(self, function: Callable[[Any, Callable[..., Any]], Any]) -> End:
        """Puts `function(ctx, next)` around all middleware; returns a function that ends it.

        For who watches and changes nothing: a plain `def` that returns what `next(ctx)` gives, so
        that no request needs a task for it.

        >>> from asyncweb import App
        >>> app = App()
        >>> home = app.get("/")(lambda ctx: "home")
        >>> end = app.surround(lambda ctx, next: (print("asked for", ctx.path), next(ctx))[1])
        >>> answer = app.test_client().get("/")
        asked for /
        >>> end()
        >>> answer = app.test_client().get("/")
        """
        check_arguments(function, "surrounding", "ctx, next")
        if inspect.iscoroutinefunction(function_of(function)):
            raise TypeError(f"surround({handler_name(function)}): expected a plain `def`")
        self._surrounding = (function, *self._surrounding)
        self._changed()

        def end() -> None:
            self._surrounding = tuple(one for one in self._surrounding if one is not function)
            self._changed()

        return end

    # ------------------------------------------------------------------ what an engine calls

    async def startup(self) -> None:
        """Runs the startup hooks, in the order they were added."""
        await _run(self._startup)

    async def shutdown(self, failed: Ear) -> None:
        """Runs every shutdown hook, the last added first; `failed` hears what they raise."""
        for hook in reversed(self._shutdown):
            try:
                await _run([hook])
            except (Exception, SystemExit) as error:
                failed("on_shutdown", error)

    @property
    def greets(self) -> bool:
        """Whether there is a hook to ask when somebody connects."""
        return bool(self._connect)

    @property
    def explains(self) -> bool:
        """Whether there is a hook to ask what a refusal says."""
        return self._protocol_error is not None

    async def greet(self, address: tuple[str, int], engine: Engine) -> ProtocolError | None:
        """Why the client at `address` may not stay; None when it may."""
        try:
            await _run(self._connect, address if address[0] else None, check=_check_silent)
        except HTTPError as error:
            return Unwelcome(error.status, str(error), error.headers)
        except (Exception, SystemExit) as error:
            engine.failed("on_connect", error)
            return Unwelcome(500, "Internal Server Error")
        return None

    def refuse(self, error: HTTPError, engine: Engine | None = None) -> Response:
        """The answer to a request that never became one; `engine` hears when a hook fails."""
        hook = None if isinstance(error, Unwelcome) else self._protocol_error
        try:
            return error_response(error) if hook is None else _instead(hook(error), error)
        except (Exception, SystemExit) as worse:
            if engine is not None:
                engine.failed("on_protocol_error" if hook else "on_connect", worse)
        if hook is None:  # a status or a header that HTTP does not have
            return Response("Internal Server Error", 500, content_type=TEXT)
        return error_response(error)


async def _run(
    hooks: Iterable[Hook], *args: Any, check: Callable[[Hook, Any], None] | None = None
) -> None:
    for hook in hooks:
        value = hook(*args)
        if isinstance(value, Awaitable):
            value = await value
        if check is not None:
            check(hook, value)


def _check_silent(hook: Hook, value: Any) -> None:
    """Raises TypeError for a `value` that may have been meant to keep a client out."""
    if value is not None:
        raise TypeError(
            f"connect hook {handler_name(hook)} returned {value!r}: expected None, which lets the "
            'client in; to refuse it, raise HTTPError(403, "not from there")'
        )


def _instead(value: Any, error: HTTPError) -> Response:
    """What a hook returned, as the answer to `error`."""
    if value is None:
        return error_response(error)
    response = Response.of(value)
    if response.streams:
        raise TypeError("the answer to a protocol error cannot be a stream; return it whole")
    response = response.copy()  # the hook's own may be another answer too
    if not isinstance(value, Response | tuple):
        response.status = error.status
    checked_status(response.status)
    for name, field in error.headers.items():
        response.headers.setdefault(name, field)
    return response


def error_response(error: HTTPError) -> Response:
    """`error` as plain text."""
    return Response(str(error), error.status, error.headers, TEXT)


def without_namesake(functions: list[Any], function: Any) -> list[Any]:
    """`functions` without an earlier `function`: a cell that runs again replaces what it gave."""
    return [other for other in functions if not is_redefinition(function, other)]


def check_arguments(function: Any, what: str, arguments: str) -> None:
    """Raises TypeError when `function` cannot be called with those arguments."""
    if not callable(function):
        raise TypeError(f"{what} {function!r}: expected a function of ({arguments})")
    try:
        inspect.signature(function).bind(*filter(None, arguments.split(", ")))
    except TypeError as error:
        name = getattr(function, "__name__", repr(function))
        raise TypeError(f"{what} {name} must take ({arguments}): {error}") from None
    except ValueError:
        return  # a callable without a signature: it will show when it is called
