"""The App that the probes of defects ask: the same as `crates/article/src/probed.rs` answers."""

from __future__ import annotations

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.lab.claims.material import HELLO, HELLO_BODY
from asyncweb.websocket import WebSocket

app = App()
_TEXT = HELLO_BODY.decode()


@app.get(HELLO)
def hello(ctx: Context) -> str:
    """Answers at once."""
    return _TEXT


@app.post("/echo")
def echo(ctx: Context) -> bytes:
    """Answers what it was sent."""
    return ctx.body


@app.get("/panic")
def fails(ctx: Context) -> str:
    """Raises what nobody expects."""
    raise RuntimeError("on purpose")


@app.websocket("/ws")
async def echo_messages(ws: WebSocket) -> None:
    """Sends each message back."""
    async for message in ws:
        await ws.send(message)
