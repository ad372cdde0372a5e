"""How a case travels: many connections at once, each whole or byte by byte.

Rule: all that the server says is heard to the end. Silence is only taken for an answer after the
client has said that it is done, so a slow machine changes no verdict.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Sequence

from tests.judges.answers import Heard, read_answers
from tests.judges.cases import Case

AT_ONCE = 24  # connections
QUIET_S = 0.12  # then the client says that it is done
PATIENCE_S = 5.0  # for the server to close, after that or after a refusal
BETWEEN_BYTES_S = 0.001  # so that most bytes arrive in a read of their own
PIECES = 400  # a longer case travels in so many pieces
READ_BYTES = 65536


async def put_all(port: int, cases: Sequence[Case], bytewise: bool) -> list[Heard]:
    """What the server at `port` says to each case."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case) -> Heard:
        async with places:
            return await put(port, case.data, bytewise)

    return list(await asyncio.gather(*map(one, cases)))


async def put(port: int, data: bytes, bytewise: bool) -> Heard:
    """What the server at `port` says to `data` on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sending = asyncio.create_task(_send(writer, data, bytewise))
    try:
        return await _listen(reader, writer, sending)
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await sending
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _send(writer: asyncio.StreamWriter, data: bytes, bytewise: bool) -> None:
    with contextlib.suppress(OSError):  # a server that refuses may close before all is sent
        if not bytewise:
            writer.write(data)
            await writer.drain()
            return
        size = max(1, len(data) // PIECES)
        for start in range(0, len(data), size):
            writer.write(data[start : start + size])
            await writer.drain()
            await asyncio.sleep(BETWEEN_BYTES_S)


async def _listen(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sending: asyncio.Task[None]
) -> Heard:
    got, closed = b"", False
    while not closed:
        waits_s = PATIENCE_S if _is_refusal(got) else QUIET_S
        piece = await _read(reader, waits_s)
        if piece is None and sending.done():
            break
        closed = piece == b""
        got += piece or b""
    before, stuck = read_answers(got), False
    if not closed:
        with contextlib.suppress(OSError):
            writer.write_eof()
        while (piece := await _read(reader, PATIENCE_S)) is not None and piece != b"":
            got += piece
        stuck = piece is None
    heard = read_answers(got)
    heard.closed, heard.stuck = closed, stuck
    heard.after_goodbye = len(heard.answers) - len(before.answers)
    return heard


def _is_refusal(got: bytes) -> bool:
    answers = read_answers(got).answers
    return bool(answers) and answers[-1].refuses


async def _read(reader: asyncio.StreamReader, waits_s: float) -> bytes | None:
    """The next bytes; b"" when the server has closed; None when it is silent."""
    try:
        return await asyncio.wait_for(reader.read(READ_BYTES), waits_s)
    except TimeoutError:
        return None
    except OSError:
        return b""
