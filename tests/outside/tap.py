"""A tap on the line: carries bytes between clients and a server, and notes how each answer began.

Rule: the tap adds nothing and takes nothing away; who closes first, closes for both.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from dataclasses import dataclass
from typing import Self

from tests.conftest import PATIENCE_S


@dataclass
class Line:
    """One connection: the first bytes the server said, and who hung up after how long."""

    began: float
    answer: bytes = b""
    lasted_s: float | None = None
    server_left: bool = False

    @property
    def status(self) -> str:
        """The status the client was told, or "" for none."""
        return self.answer[9:12].decode()


class Tap:
    """Listens on `port` while its block lasts; `lines` has every connection there was."""

    def __init__(self, upstream: int):
        self._upstream = upstream
        self.lines: list[Line] = []
        self.port = 0
        self._listens = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="tap")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._listens.wait(PATIENCE_S)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(PATIENCE_S)

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._listens.set()
        await self._over.wait()
        server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _carry(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        line = Line(time.monotonic())
        self.lines.append(line)
        call = asyncio.current_task()
        assert call is not None
        self._calls.add(call)
        server, to_server = await asyncio.open_connection("127.0.0.1", self._upstream)
        up = asyncio.ensure_future(_pump(client, to_server, None))
        down = asyncio.ensure_future(_pump(server, to_client, line))
        try:
            done, _ = await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            line.server_left = down in done
            line.lasted_s = time.monotonic() - line.began
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            for part in (up, down):
                part.cancel()
            for writer in (to_client, to_server):
                writer.transport.abort()
            self._calls.discard(call)


async def _pump(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, line: Line | None
) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            if line is not None and len(line.answer) < 12:
                line.answer += data[:12]
            sink.write(data)
            await sink.drain()
