"""A server that does nothing but answer: what is measured of it is the load generator itself.

Rule: no app, no route, no parser. Each request that has come gets the same bytes.
"""

from __future__ import annotations

import asyncio
from typing import cast

from asyncweb.servers.child import Pipe
from asyncweb.servers.event_loop import new_event_loop

END = b"\r\n\r\n"  # of a request without a body, and there are no others here
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok"


class Client(asyncio.Protocol):
    """One connection; it is asked by us, and never half a request at a time."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has come."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Answers every request in `data`."""
        self._transport.write(ANSWER * data.count(END))


def main(pipe: Pipe) -> None:
    """Serves on a port that it tells, until the pipe closes."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_serve(pipe))


async def _serve(pipe: Pipe) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Client, "127.0.0.1", 0, backlog=4096)
    pipe.send(server.sockets[0].getsockname()[1])
    try:
        await loop.run_in_executor(None, pipe.receive)
    except EOFError:
        server.close()
