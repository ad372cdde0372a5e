"""The App behind a server made by hand: a Request in, a Response out.

Rule: how to wait is the server's business. It lends its way of sleeping, and drives the answer as
it drives everything else; no event loop is asked for here.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from asyncweb.app import App
from asyncweb.http.messages import Request, Response
from asyncweb.loopless import ADVICE, as_needs_event_loop
from asyncweb.servers.observer import ERRORS_KEPT, Failure


async def block(seconds: float) -> None:
    """Puts the whole thread to sleep: the way to wait of who has no loop."""
    time.sleep(seconds)


class Behind:
    """Asks `app` what a server made by hand shall answer; `errors` has what its handlers raised.

    `sleep(seconds)` is a coroutine function, the server's own way to let time pass.

    >>> app = App()
    >>> @app.get("/users/{id:int}")
    ... async def user(ctx):
    ...     await ctx.sleep(0.001)
    ...     return {"id": ctx.params["id"]}
    >>> behind = Behind(app)
    >>> behind.respond_here(Request("GET", "/users/7")).body
    b'{"id":7}'

    A server that has a loop awaits the answer, which is a coroutine like any other:

    >>> import asyncio
    >>> asyncio.run(Behind(app, sleep=asyncio.sleep).respond(Request("GET", "/users/8"))).body
    b'{"id":8}'
    """

    def __init__(self, app: App, sleep: Callable[[float], Awaitable[Any]] = block):
        self.errors: deque[Failure] = deque(maxlen=ERRORS_KEPT)
        self._app = app
        self._sleep = sleep

    async def respond(self, request: Request) -> Response:
        """The answer to `request`, as soon as the handler has one. Never raises."""
        return _whole(await self._app.respond(self._app.context(request, self)))

    def respond_here(self, request: Request) -> Response:
        """The answer to `request`, here and now; whoever has to wait for it blocks this thread."""
        return _whole(self._app.respond_here(self._app.context(request, self), ADVICE))

    # ------------------------------------------------------------------ Engine, for the Context

    async def sleep(self, seconds: float) -> None:
        """Lets `seconds` pass, the server's way."""
        await self._sleep(seconds)

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls it here: this server has no other thread to offer."""
        return function(*args)

    async def afterwards(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs it before the answer is out: this server knows no afterwards."""
        await work

    def failed(self, request: Request | str, error: BaseException) -> None:
        """Keeps the failure."""
        self.errors.append(Failure.of(request, as_needs_event_loop(error)))


def _whole(response: Response) -> Response:
    """`response`, or a refusal in place of one that comes in pieces."""
    if not response.streams:
        return response
    return Response("a server made by hand sends whole answers, and no streams\n", 501)
