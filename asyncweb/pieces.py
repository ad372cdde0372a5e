"""The pieces of a streamed answer, as a loop takes them and as a thread does.

Rule: whatever gave the pieces is closed when they end, and when nobody wants them any more, be it
before the first.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import AsyncExitStack, aclosing, closing
from typing import Any

from asyncweb.coroutine import aclose, run_to_end
from asyncweb.derived import BLOCK_BYTES, Derived
from asyncweb.file_pieces import FilePieces
from asyncweb.http.file import FileBody
from asyncweb.loopless import ADVICE

_BEGUN = b""  # given before the first piece: to close a generator that has not begun does nothing


def pieces_for_loop(body: Any, wanted: bool = True) -> AsyncGenerator[bytes | str, None]:
    """The pieces of `body`; a plain iterator gives way to others after each.

    Not `wanted`, there are none, and `body` is closed all the same.
    """
    if isinstance(body, FileBody):
        body = FilePieces(body)
    if isinstance(body, Derived):
        pieces = _made_on_loop(body, wanted)
    else:
        pieces = (_awaited if hasattr(body, "__aiter__") else _giving_way)(body, wanted)
    run_to_end(pieces.__anext__(), ADVICE)
    return pieces


async def _made_on_loop(body: Derived, wanted: bool) -> AsyncGenerator[bytes | str, None]:
    async with AsyncExitStack() as leaving:
        leaving.push_async_callback(body.then)
        source = pieces_for_loop(body.source, wanted)
        await leaving.enter_async_context(aclosing(source))
        yield _BEGUN
        async for piece in source:
            for made in body.made_of(piece):
                yield made
                await asyncio.sleep(0)
        if wanted:
            yield body.rest()


async def _giving_way(body: Any, wanted: bool) -> AsyncGenerator[bytes | str, None]:
    try:
        yield _BEGUN
        for piece in _in_turn(body) if wanted else ():
            yield piece
            await asyncio.sleep(0)
    finally:
        _close(body)


async def _awaited(body: Any, wanted: bool) -> AsyncGenerator[bytes | str, None]:
    stream = body
    try:
        yield _BEGUN
        stream = body.__aiter__()
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
        pieces = _made_in_thread(body, wanted)
    else:
        pieces = (_driven if hasattr(body, "__aiter__") else _plain)(body, wanted)
    next(pieces)
    return pieces


def _made_in_thread(body: Derived, wanted: bool) -> Generator[bytes | str, None, None]:
    try:
        with closing(pieces_for_thread(body.source, wanted)) as pieces:
            yield _BEGUN
            for piece in pieces:
                yield from body.made_of(piece)
        if wanted:
            yield body.rest()
    finally:
        run_to_end(body.then(), ADVICE)


def _plain(body: Any, wanted: bool) -> Generator[bytes | str, None, None]:
    try:
        yield _BEGUN
        yield from _in_turn(body) if wanted else ()
    finally:
        _close(body)


def _driven(body: Any, wanted: bool) -> Generator[bytes | str, None, None]:
    stream = body
    try:
        yield _BEGUN
        stream = body.__aiter__()
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
