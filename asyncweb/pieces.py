"""The pieces of a streamed answer, as a loop takes them and as a thread does.

Rule: whatever gave the pieces is closed when they end, and when nobody wants them any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import aclosing, closing
from typing import Any

from asyncweb.coroutine import aclose, run_to_end
from asyncweb.file_pieces import FilePieces
from asyncweb.http.file import FileBody
from asyncweb.loopless import ADVICE

BLOCK_BYTES = 64 * 1024  # worked on at a time: others have their turn between two


class Derived:
    """A body whose pieces are made of those of another, its `source`, in whatever way they come."""

    def __init__(self, source: Any):
        self.source = source

    @property
    def heartbeat_s(self) -> float | None:
        """When its source is a stream of events, after how many seconds of silence it beats."""
        return getattr(self.source, "heartbeat_s", None)

    def made_of(self, piece: bytes | str) -> Iterator[bytes | str]:
        """What one piece of the source becomes."""
        yield piece

    def rest(self) -> bytes:
        """What follows the last piece."""
        return b""

    async def then(self) -> None:
        """Called when the body is out, is not wanted or cannot be sent."""


async def pieces_for_loop(body: Any, wanted: bool = True) -> AsyncGenerator[bytes | str, None]:
    """The pieces of `body`; a plain iterator gives way to others after each.

    Not `wanted`, there are none, and `body` is closed all the same.
    """
    if isinstance(body, Derived):
        try:
            async with aclosing(pieces_for_loop(body.source, wanted)) as pieces:
                async for piece in pieces:
                    for made in body.made_of(piece):
                        yield made
                        await asyncio.sleep(0)
            if wanted:
                yield body.rest()
        finally:
            await body.then()
        return
    if isinstance(body, FileBody):
        body = FilePieces(body)
    if not hasattr(body, "__aiter__"):
        try:
            for piece in _in_turn(body) if wanted else ():
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
    if isinstance(body, Derived):
        try:
            with closing(pieces_for_thread(body.source, wanted)) as pieces:
                for piece in pieces:
                    yield from body.made_of(piece)
            if wanted:
                yield body.rest()
        finally:
            run_to_end(body.then(), ADVICE)
        return
    if not hasattr(body, "__aiter__"):
        try:
            yield from _in_turn(body) if wanted else ()
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


def _in_turn(body: Any) -> Iterator[bytes | str]:
    return _blocks(body) if isinstance(body, bytes) else iter(body)


def _blocks(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), BLOCK_BYTES):
        yield data[at : at + BLOCK_BYTES]


async def _next(stream: Any) -> Any:
    return await stream.__anext__()


def _close(body: Any) -> None:
    if hasattr(body, "close"):
        body.close()
