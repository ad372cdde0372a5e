"""The pieces of a streamed answer, as a loop takes them and as a thread does.

Rule: whatever gave the pieces is closed when they end, and when nobody wants them any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from typing import Any

from asyncweb.coroutine import aclose, run_to_end
from asyncweb.file_pieces import FilePieces
from asyncweb.http.file import FileBody
from asyncweb.loopless import ADVICE


async def pieces_for_loop(body: Any, wanted: bool = True) -> AsyncGenerator[bytes | str, None]:
    """The pieces of `body`; a plain iterator gives way to others after each.

    Not `wanted`, there are none, and `body` is closed all the same.
    """
    if isinstance(body, FileBody):
        body = FilePieces(body)
    if not hasattr(body, "__aiter__"):
        try:
            for piece in body if wanted else ():
                yield piece
                await asyncio.sleep(0)
        finally:
            _close(body)
        return
    stream = body.__aiter__()
    try:
        while wanted:
            try:
                yield await stream.__anext__()
            except StopAsyncIteration:
                return
    finally:
        await aclose(stream, body)


def pieces_for_thread(body: Any, wanted: bool = True) -> Generator[bytes | str, None, None]:
    """The pieces of `body`, an asynchronous one driven to its end by this thread.

    Not `wanted`, there are none, and `body` is closed all the same.
    """
    if not hasattr(body, "__aiter__"):
        try:
            yield from body if wanted else ()
        finally:
            _close(body)
        return
    stream = body.__aiter__()
    try:
        while wanted:
            try:
                yield run_to_end(_next(stream), ADVICE)
            except StopAsyncIteration:
                return
    finally:
        run_to_end(aclose(stream, body), ADVICE)


async def _next(stream: Any) -> Any:
    return await stream.__anext__()


def _close(body: Any) -> None:
    if hasattr(body, "close"):
        body.close()
