"""The pieces of a streamed answer, as a loop takes them and as a thread does.

Rule: whatever gave the pieces is closed when they end, and when nobody wants them any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from typing import Any

from asyncweb.coroutine import run_to_end
from asyncweb.servers.loopless import ADVICE


async def pieces_for_loop(body: Any, wanted: bool = True) -> AsyncGenerator[bytes | str, None]:
    """The pieces of `body`; a plain iterator gives way to others after each.

    Not `wanted`, there are none, and `body` is closed all the same.
    """
    try:
        if not wanted:
            return
        if hasattr(body, "__aiter__"):
            async for piece in body:
                yield piece
            return
        for piece in body:
            yield piece
            await asyncio.sleep(0)
    finally:
        if not hasattr(body, "__aiter__"):
            getattr(body, "close", _nothing_to_close)()
        elif hasattr(body, "aclose"):
            await body.aclose()


def pieces_for_thread(body: Any, wanted: bool = True) -> Generator[bytes | str, None, None]:
    """The pieces of `body`, an asynchronous one driven to its end by this thread.

    Not `wanted`, there are none, and `body` is closed all the same.
    """
    if not hasattr(body, "__aiter__"):
        try:
            yield from body if wanted else ()
        finally:
            if hasattr(body, "close"):
                body.close()
        return
    stream = body.__aiter__()
    try:
        while wanted:
            try:
                yield run_to_end(_next(stream), ADVICE)
            except StopAsyncIteration:
                return
    finally:
        if hasattr(stream, "aclose"):
            run_to_end(stream.aclose(), ADVICE)


def _nothing_to_close() -> None:
    """What came needs no closing."""


async def _next(stream: Any) -> Any:
    return await stream.__anext__()
