"""The pieces of a file, as a loop takes them.

Rule: the loop reads what is in memory already, and never waits for a disk: a thread does that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from asyncweb.http.file import FileBody


class FilePieces:
    """The pieces of `body`; before each but the first, others have their turn."""

    def __init__(self, body: FileBody):
        self._body = body
        self._blocks = body.blocks()
        self._has_begun = False
        self._reading: asyncio.Future[bytes] | None = None  # what a thread does for us

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        block = next(self._blocks, None)
        if block is None:
            raise StopAsyncIteration
        if isinstance(block, bytes):
            return block
        if not self._body.is_at_hand(block):
            loop = asyncio.get_running_loop()
            self._reading = loop.run_in_executor(None, self._body.read, block)
            return await asyncio.shield(self._reading)
        if self._has_begun:
            await asyncio.sleep(0)
        self._has_begun = True
        return self._body.read(block)

    async def aclose(self) -> None:
        """Closes the file, when no thread reads it any more: its number may be another's then."""
        if self._reading is not None:
            await asyncio.wait([self._reading])
            self._reading.exception()  # which nobody else may have asked for
        self._body.close()
