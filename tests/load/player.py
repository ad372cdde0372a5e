"""A process that plays a part in the siege, and how it is told what to do.

Rule: one order, one answer. When whoever gives the orders is gone, the player goes too.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from asyncweb.servers.child import Child, Pipe
from asyncweb.servers.event_loop import new_event_loop

ANSWER_S = 120.0
FIRST = -15  # of those who want to run, as `nice` counts


class Player:
    """The parent's side: `tell("gather", ...)` runs that method of the part over there."""

    def __init__(self, part: str):
        self._child = Child(part)

    def tell(self, order: str, *args: Any) -> Any:
        """What the method returned. Raises ServerError when the process has ended."""
        self._child.send((order, *args))
        return self._child.receive(ANSWER_S)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.stop()


def put_first(pid: int) -> None:
    """Lets the process run before what else this machine does, if we may say so.

    Neither other people's work nor that of the bad clients, who in life have machines of their
    own, is to hold up the server or the good ones.
    """
    with contextlib.suppress(PermissionError, AttributeError):  # not root; Windows
        for thread in psutil.Process(pid).threads():
            os.setpriority(os.PRIO_PROCESS, thread.id, FIRST)
    with contextlib.suppress(OSError):  # where Linux weighs whole sessions, each process is one
        Path(f"/proc/{pid}/autogroup").write_text(str(FIRST))


def play(pipe: Pipe, part: Callable[[], Any]) -> None:
    """The process's side: obeys until the pipe closes."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_obey(pipe, part()))


async def _obey(pipe: Pipe, part: Any) -> None:
    orders: asyncio.Queue[tuple[Any, ...] | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    threading.Thread(target=_listen, args=(pipe, loop, orders), daemon=True).start()
    with contextlib.suppress(OSError):  # nobody listens any more
        while (order := await orders.get()) is not None:
            pipe.send(await getattr(part, order[0])(*order[1:]))


def _listen(
    pipe: Pipe,
    loop: asyncio.AbstractEventLoop,
    orders: asyncio.Queue[tuple[Any, ...] | None],
) -> None:
    with contextlib.suppress(EOFError):
        while True:
            loop.call_soon_threadsafe(orders.put_nowait, pipe.receive())
    with contextlib.suppress(RuntimeError):  # the loop has ended by itself
        loop.call_soon_threadsafe(orders.put_nowait, None)
