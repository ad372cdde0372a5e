"""An ASGI 3 app on our event loop: its lifespan, and its scopes.

Rule: the guest learns everything by messages, and is never cancelled while a server runs: who
leaves is told to it as `http.disconnect` or `websocket.disconnect`, and sending to who has left
raises ClientGone.

Source: https://asgi.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from asyncweb.context import Context
from asyncweb.errors import ServerError
from asyncweb.guests.asgi_http import AsgiExchange
from asyncweb.guests.guest import Guest
from asyncweb.guests.lifespan import Lifespan
from asyncweb.hooks import Ear
from asyncweb.http.messages import Response
from asyncweb.http.routing import Handler
from asyncweb.http.upgrade import asks_for

if TYPE_CHECKING:
    from asyncweb.guests.asgi_websocket import AsgiConversation

VERSIONS = {"version": "3.0", "spec_version": "2.4"}


class AsgiGuest(Guest):
    """Starlette, FastAPI, Quart, Django's ASGI side: what AsyncServer makes of them."""

    async def startup(self) -> None:
        """Lets the guest start. Raises ServerError when it says that it cannot."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._lifespan = Lifespan(self.guest)
        await self._lifespan.startup()

    async def shutdown(self, failed: Ear) -> None:
        """Ends what the guest still does for requests that are over, then lets it shut down."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        try:
            await self._lifespan.shutdown()
        except ServerError as error:
            failed("lifespan.shutdown", error)

    def handler(self) -> Handler:
        """Asks the guest in a task of its own, which may outlive the request."""

        async def ask_asgi_app(ctx: Context) -> Response:
            scope, exchange = self._meet(ctx)
            asked: Coroutine[Any, Any, Any] = self.guest(scope, exchange.receive, exchange.send)
            task = asyncio.ensure_future(exchange.run(asked))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            try:
                return await exchange.response()
            except BaseException:
                exchange.abandon()
                raise
            finally:
                self.name_route(ctx, getattr(scope.get("route"), "path", None))

        return ask_asgi_app

    def _meet(self, ctx: Context) -> tuple[dict[str, Any], AsgiExchange | AsgiConversation]:
        """What the guest is told of a request, and what stands between the two from there on."""
        if not asks_for(ctx.request, "websocket"):
            return self.scope("http", ctx), AsgiExchange(ctx)
        from asyncweb.guests.asgi_websocket import DENIAL, AsgiConversation

        scope = self.scope("websocket", ctx)
        offers = ",".join(ctx.headers.get_all("sec-websocket-protocol")).split(",")
        del scope["method"]
        scope["scheme"] = "wss" if ctx.request.scheme == "https" else "ws"
        scope["subprotocols"] = [offer.strip() for offer in offers if offer.strip()]
        scope["extensions"] = {DENIAL: {}}
        return scope, AsgiConversation(ctx)

    def scope(self, kind: str, ctx: Context) -> dict[str, Any]:
        """What the guest is told of a request."""
        request = ctx.request
        # What was heard of the connection by who serves it; the port is only known there.
        server = [self.host, getattr(ctx.engine, "port", 0)]
        scope = {
            "type": kind,
            "asgi": VERSIONS,
            "http_version": request.version,
            "method": request.method,
            "scheme": request.scheme,
            "path": request.path,
            "raw_path": request.raw_path.encode("ascii"),
            "query_string": request.query_string.encode("ascii"),
            "root_path": "",
            "headers": [
                (name.encode("latin-1"), value.encode("latin-1"))
                for name, value in request.headers.fields()
            ],
            "client": list(request.client) if request.client else None,
            "server": server,
            "extensions": {},
        }
        if self._lifespan.state is not None:
            scope["state"] = self._lifespan.state.copy()
        return scope

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        return {name: state[name] for name in state if name not in ("_tasks", "_lifespan")}
