"""What makes an App something that the servers of others can call.

Rule: nothing of it is loaded before somebody calls.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast, overload

from asyncweb.http.limits import Limits

if TYPE_CHECKING:
    from asyncweb.app import App
    from asyncweb.testing.client import TestClient


class Callee:
    """The side of an App that other servers see: `uvicorn main:app`, `gunicorn main:app`.

    `limits` says how much of a body is taken there, and how long a target may be; the times are
    the host's. Our own servers have limits of their own.
    """

    own: ClassVar = ("__call__", "_gateway")  # not for another process
    limits: Limits = Limits()

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """An App with what a host looks for."""
        self = super().__new__(cls)
        # A host asks whether `app.__call__` is a coroutine function, and takes the app for ASGI
        # then. This is what it is shown; Python itself calls the `__call__` of the class, which
        # WSGI's two arguments reach as well.
        self.__dict__["__call__"] = self._asgi
        return self

    @overload
    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any], /
    ) -> Iterable[bytes]: ...

    @overload
    def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
        /,
    ) -> Coroutine[Any, Any, None]: ...

    def __call__(self, *arguments: Any) -> Any:
        """Answers as ASGI 3 when called with (scope, receive, send), else as WSGI.

        So `uvicorn main:app`, `hypercorn main:app` and `granian --interface asgi main:app` work,
        and so do `gunicorn main:app` and `waitress-serve main:app`.
        """
        if len(arguments) == 3:
            return self._asgi(*arguments)
        if len(arguments) == 2:
            return self.wsgi(*arguments)
        raise TypeError(
            f"an App was called with {len(arguments)} arguments: ASGI 3 has (scope, receive, "
            "send), WSGI (environ, start_response); to ask it something: app.test_client()"
        )

    def wsgi(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers as WSGI (PEP 3333): for a host that must not see ASGI, `application = app.wsgi`.

        Startup hooks run at the first request, shutdown hooks when the process ends.

        >>> from asyncweb import App
        >>> app = App()
        >>> hello = app.get("/")(lambda ctx: "Hello")
        >>> environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.input": None}
        >>> app.wsgi(environ, lambda status, fields: print(status))
        200 OK
        [b'Hello']
        """
        from asyncweb.gateways.wsgi import WsgiGateway

        # At once, whichever thread comes first: the app starts once.
        gateway = self.__dict__.setdefault("_gateway", WsgiGateway(cast("App", self)))
        return cast(Iterable[bytes], gateway(environ, start_response))

    def test_client(self, **settings: Any) -> TestClient:
        """Asks this app without a port: `client.get("/").text`. For the settings see TestClient.

        >>> from asyncweb import App
        >>> app = App()
        >>> hello = app.get("/")(lambda ctx: "Hello")
        >>> with app.test_client(engine="threads") as client:
        ...     client.get("/").text
        'Hello'
        """
        from asyncweb import TestClient  # which stands above all that it tests

        return TestClient(cast("App", self), **settings)

    async def _asgi(self, scope: Any, receive: Any, send: Any) -> None:
        from asyncweb.gateways.asgi import serve_asgi

        await serve_asgi(cast("App", self), scope, receive, send)
