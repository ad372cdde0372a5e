"""A process that plays a part, on an event loop of its own, and how it is told what to do.

Rule: one order, one answer. When whoever gives the orders is gone, the player goes too.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any, Self

from asyncweb.servers.child import Child, Pipe
from asyncweb.servers.event_loop import new_event_loop

ANSWER_S = 120.0


class Player:
    """The parent's side: `tell("gather", ...)` runs that method of the part over there.

    The part is named "package.module:function", where the function calls `play`.
    """

    def __init__(self, part: str):
        self._child = Child(part)

    def tell(self, order: str, *args: Any) -> Any:
        """What the method returned. Raises ServerError when the process has ended."""
        self.order(order, *args)
        return self.answer()

    def order(self, order: str, *args: Any) -> None:
        """Lets the method begin; `answer` waits for its end. Raises ServerError."""
        self._child.send((order, *args))

    def answer(self) -> Any:
        """What the method returned that was ordered. Raises ServerError, and TimeoutError."""
        return self._child.receive(ANSWER_S)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._child.stop()


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
