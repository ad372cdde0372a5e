"""What goes out to one client of the event-loop server.

Rule: every byte is counted, so that what the client has taken is known. Answers that are there
together leave together, and no more of them are made than a client that reads can take.
"""

from __future__ import annotations

import asyncio
import contextlib

TOGETHER = 16  # answers that leave together; each may be large
LARGE_BYTES = 64 * 1024  # beyond so many a transport asks us to wait while the client is slow


class Outbox:
    """Writes to one transport; `drained` is there while the client does not read."""

    __slots__ = ("_loop", "_put", "_seen_taken", "_transport", "drained", "written")

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport):
        self._loop = loop
        self._transport = transport
        self._put: list[bytes] = []
        self._seen_taken = 0
        self.written = 0  # bytes, from the beginning
        self.drained: asyncio.Future[None] | None = None

    def put(self, data: bytes) -> None:
        """Keeps `data` for the next `flush`, or sends it when enough is kept."""
        self._put.append(data)
        if len(self._put) == TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Sends what was put."""
        if self._put:
            data = b"".join(self._put)
            self._put.clear()
            self.written += len(data)
            self._transport.write(data)

    def write(self, data: bytes) -> None:
        """Sends `data`, as fast as the client reads."""
        self.written += len(data)
        self._transport.write(data)

    async def room(self) -> None:
        """Returns when the client has taken most of what was written; cancelled if it leaves."""
        if self.drained is not None:
            await asyncio.shield(self.drained)  # a waiter who gives up leaves it to the others
        elif self._transport.is_closing():
            await asyncio.sleep(0)  # else who writes on without a wait would never be cancelled

    async def rest(self) -> None:
        """Returns when the last of an answer has been taken, but for what always fits.

        Cancelled when the client has left before; not when it has left right after.
        """
        with contextlib.suppress(asyncio.CancelledError):
            await self.room()
        if self.drained is not None:
            raise asyncio.CancelledError

    def pause(self) -> None:
        """The client does not read."""
        self.drained = self._loop.create_future()

    def resume(self) -> None:
        """The client reads again."""
        drained, self.drained = self.drained, None
        if drained is not None and not drained.done():
            drained.set_result(None)

    @property
    def unsent_bytes(self) -> int:
        """What was written and is still here."""
        return self._transport.get_write_buffer_size()

    def taken_bytes(self) -> int:
        """What has left since this was last asked."""
        taken = self.written - self.unsent_bytes
        before, self._seen_taken = self._seen_taken, taken
        return taken - before
