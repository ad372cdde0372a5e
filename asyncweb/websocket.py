"""The WebSocket a handler is given, and the life of one from its handshake to its end.

Rule: what the client breaks off is no failure of the app; what the handler raises is one, and the
client is told 1011.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import Any

from asyncweb.channel import FAILED, NORMAL, Channel
from asyncweb.context import Context
from asyncweb.errors import ClientGone
from asyncweb.frames import FrameChannel
from asyncweb.http.fields import Headers
from asyncweb.http.json_text import spelled_json
from asyncweb.http.query import Query
from asyncweb.http.routing import Params
from asyncweb.http.websocket import Accepted, Message, accept

Handler = Callable[["WebSocket"], Awaitable[Any]]


class WebSocket:
    """Messages from and to one client.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.websocket("/echo")
    ... async def echo(ws):
    ...     async for message in ws:  # str or bytes, until the client says goodbye
    ...         await ws.send(message)
    >>> with app.test_client().websocket("/echo") as ws:
    ...     ws.send("hello")
    ...     ws.receive()
    'hello'

    One task or thread receives; any number may send. A client that vanishes without a goodbye, or
    breaks the protocol, is a ClientGone where the handler next receives or sends.

    >>> seen = []
    >>> @app.websocket("/orders/{table:int}")
    ... async def orders(ws):
    ...     await ws.ping()
    ...     await ws.send_json({"table": ws.params["table"], "lang": ws.query["lang"]})
    ...     order = await ws.receive_json()  # before it, the pong has come
    ...     seen.extend([order, ws.latency > 0, ws.headers["host"], ws.client])
    ...     await ws.close(4000, "sold out")
    ...     seen.extend([ws.close_code, ws.close_reason])
    >>> with app.test_client().websocket("/orders/7?lang=en") as ws:
    ...     ws.receive_json()
    ...     ws.send_json("tea")
    ...     list(ws), ws.close_code, ws.close_reason
    {'table': 7, 'lang': 'en'}
    ([], 4000, 'sold out')
    >>> seen
    ['tea', True, 'testserver', None, 4000, 'sold out']
    """

    __slots__ = ("channel", "ctx", "subprotocol")

    def __init__(self, ctx: Context, channel: Channel, subprotocol: str | None = None):
        self.ctx = ctx
        self.channel = channel
        self.subprotocol = subprotocol  # of those the route speaks, the one agreed on

    @property
    def params(self) -> Params:
        """The parameters of the path: `ws.params["room"]`."""
        return self.ctx.params

    @property
    def query(self) -> Query:
        """The query string as a mapping."""
        return self.ctx.query

    @property
    def headers(self) -> Headers:
        """The header fields of the handshake."""
        return self.ctx.headers

    @property
    def client(self) -> tuple[str, int] | None:
        """The client's (host, port)."""
        return self.ctx.client

    @property
    def close_code(self) -> int | None:
        """Why it was closed, as RFC 6455, 7.4 numbers it; 1006: lost; None while it is open."""
        return self.channel.close_code

    @property
    def close_reason(self) -> str:
        """The words the client has closed it with."""
        return self.channel.close_reason

    @property
    def latency(self) -> float | None:
        """Seconds from the latest ping that was answered to its pong; None when none was.

        A pong is heard while the handler receives. Under an ASGI host it is the host's: None.
        """
        return self.channel.latency

    async def receive(self) -> str | bytes:
        """The next message. Raises ClientGone when none will come any more."""
        message = await self.channel.receive()
        if message is None:
            raise ClientGone(f"the WebSocket is closed: {self.close_code} {self.close_reason}")
        return message

    async def receive_json(self) -> Any:
        """The next message as JSON. Raises ValueError when it is something else."""
        try:
            return json.loads(await self.receive())
        except RecursionError:  # its depth is the client's choice
            raise ValueError("JSON that is nested too deeply") from None

    async def send(self, message: str | bytes) -> None:
        """Sends text or bytes; waits while the client is slow. Raises ClientGone."""
        await self.channel.send(Message.of(message))

    async def send_json(self, value: Any) -> None:
        """Sends `value` as JSON text."""
        await self.send(spelled_json(value))

    async def ping(self) -> None:
        """Asks the client for a sign of life: when it has come, `latency` says how long it took.

        The server asks by itself when a client is silent. Raises ClientGone when none will come.
        """
        await self.channel.ping()

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Says goodbye, and waits a while for the client's own.

        Where another task or thread receives, that one hears it, and this does not wait.
        Raises ValueError for a code or a reason that cannot be sent.
        """
        await self.channel.close(code, reason)

    def __aiter__(self) -> WebSocket:
        return self

    async def __anext__(self) -> str | bytes:
        message = await self.channel.receive()
        if message is not None:
            return message
        if self.channel.is_broken:
            raise ClientGone(f"the WebSocket broke off: {self.close_code} {self.close_reason}")
        raise StopAsyncIteration

    def __repr__(self) -> str:
        state = "open" if self.close_code is None else f"closed with {self.close_code}"
        return f"<WebSocket {self.ctx.path} {state}>"


def session(
    handler: Handler, origins: Sequence[str] | None, subprotocols: Sequence[str]
) -> Callable[[Context], Awaitable[None]]:
    """`handler` as a handler of requests, each of which is a handshake."""

    @wraps(handler)
    async def respond(ctx: Context) -> None:
        accepted = accept(ctx.request, origins, subprotocols)
        ws = WebSocket(ctx, await _open(ctx, accepted), accepted.subprotocol)
        try:
            await handler(ws)
        except ClientGone:
            await _part(ws, NORMAL)
            raise
        except (Exception, SystemExit):
            await _part(ws, FAILED)
            raise
        except BaseException:  # cancelled, say: whoever waits now may be cancelled again
            ws.channel.say_close(FAILED, "")
            raise
        await _part(ws, NORMAL)

    return respond


async def _open(ctx: Context, accepted: Accepted) -> Channel:
    open_channel = getattr(ctx.request.link, "open_channel", None)
    if open_channel is not None:  # of a host, which speaks the frames itself
        hosted: Channel = await open_channel(ctx, accepted)
        return hosted
    return FrameChannel(await ctx.take_over("websocket", accepted.headers), accepted)


async def _part(ws: WebSocket, code: int) -> None:
    with suppress(ClientGone):  # it has left meanwhile
        await ws.close(code)
