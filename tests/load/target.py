"""The app under siege: every answer carries the token of the very request it belongs to.

Rule: plain functions of a module, so that the app travels to a process of its own by name.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import Any

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.servers.base import Server

ENGINES: dict[str, tuple[type[Server], dict[str, Any]]] = {
    "async": (AsyncServer, {}),
    "pool": (ThreadServer, {"max_threads": 64}),
    "threads": (ThreadServer, {}),
}
PARTS = 16
PIECE = b"large piece. " * 5000
PIECES = 512  # 32 MiB: more than the system keeps on both sides of a connection
PAGE = b"page" * 4096
WAIT_S = 0.1


def make_app() -> App:
    """All routes."""
    app = App()
    app.get("/echo/{token}")(echo)
    app.post("/echo/{token}")(echo_body)
    app.get("/stream/{token}")(stream)
    app.post("/upload/{token}", stream=True)(upload)
    app.get("/wait/{token}")(wait)
    app.get("/large")(large)
    app.get("/page")(page)
    app.get("/pid")(pid)
    app.get("/memory")(memory)
    return app


def make_server(engine: str, **settings: Any) -> Server:
    """A server of this engine, not started."""
    make, defaults = ENGINES[engine]
    return make(make_app(), **{"name": f"siege-{engine}", **defaults, **settings})


def _mark(ctx: Any) -> str:
    token: str = ctx.params["token"]
    ctx.response.headers["x-token"] = token
    ctx.response.headers["x-pid"] = str(os.getpid())
    return token


def echo(ctx: Any) -> str:
    return f"<{_mark(ctx)}>"


def echo_body(ctx: Any) -> bytes:
    _mark(ctx)
    body: bytes = ctx.body
    return body


def parts(token: str) -> Iterator[bytes]:
    """What a streamed answer consists of."""
    for number in range(PARTS):
        yield f"{number}:{token};".encode() * 20


def stream(ctx: Any) -> Iterator[bytes]:
    return parts(_mark(ctx))


async def upload(ctx: Any) -> str:
    size = checksum = 0
    async for piece in ctx.stream:
        size += len(piece)
        checksum = zlib.crc32(piece, checksum)
    return f"{_mark(ctx)} {size} {checksum}"


async def wait(ctx: Any) -> str:
    await ctx.sleep(WAIT_S)
    return f"<{_mark(ctx)}>"


def large(ctx: Any) -> Iterator[bytes]:
    for _ in range(PIECES):
        yield PIECE


def page(ctx: Any) -> bytes:
    return PAGE


def pid(ctx: Any) -> str:
    return str(os.getpid())


def memory(ctx: Any) -> str:
    raise MemoryError("as if there were none")
