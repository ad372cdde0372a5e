"""The three questions of the trial, answered by a bare ASGI application.

Rule: it never blocks the loop; what would is done by a thread beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from asyncweb.lab.claims.material import HELLO, HELLO_BODY, READ, WAIT, WAIT_BODY, WAIT_MS
from asyncweb.lab.claims.peers.python.reading import read

Message = dict[str, Any]


async def app(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Answers 404 to any other path."""
    status, body = await answer(scope["path"])
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def answer(path: str) -> tuple[int, bytes]:
    """The status and the body for `path`."""
    if path == HELLO:
        return 200, HELLO_BODY
    if path == WAIT:
        await asyncio.sleep(WAIT_MS / 1000)
        return 200, WAIT_BODY
    if path == READ:
        return 200, await asyncio.to_thread(read)
    return 404, b""
