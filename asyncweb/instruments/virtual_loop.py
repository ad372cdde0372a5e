"""An event loop whose clock jumps: when nothing is left to run, it is the next timer's time.

Rule: virtual time passes only while nobody works. Whoever waits for something real is told so, at
the line that does; nothing is waited for in silence.
"""

from __future__ import annotations

import asyncio
import selectors
import sys
from collections.abc import Callable, Coroutine, Mapping
from types import FrameType
from typing import Any, TypeVar

from asyncweb.errors import Deadlock, RealWait
from asyncweb.instruments.apart import apart
from asyncweb.instruments.real_waits import real_wait
from asyncweb.instruments.task_lines import waits_at

PATIENCE_S = 10.0  # for a thread's work, in real time
T = TypeVar("T")


def run_in_virtual_time(main: Coroutine[Any, Any, T]) -> T:
    """What `main` returns, run on a VirtualLoop of its own, whose clock begins at 0.

    Works in a notebook too, where a loop is running. Raises RealWait, Deadlock, and what `main`
    raises.

    >>> async def an_hour():
    ...     await asyncio.sleep(3600)
    ...     return asyncio.get_running_loop().time()
    >>> run_in_virtual_time(an_hour())
    3600.0
    """
    return apart(_run, main)


def _run(main: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        result = runner.run(main)
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        loop.check()
        return result


class VirtualLoop(asyncio.SelectorEventLoop):
    """An asyncio loop, in all but its clock: for asyncio.Runner(loop_factory=VirtualLoop).

    Timeouts and sleeps of hours take a moment, and are exact:

    >>> async def give_up():
    ...     try:
    ...         async with asyncio.timeout(86_400):
    ...             await asyncio.Event().wait()
    ...     except TimeoutError:
    ...         return asyncio.get_running_loop().time()
    >>> with asyncio.Runner(loop_factory=VirtualLoop) as runner:
    ...     runner.run(give_up())
    86400.0

    The clock stands still while a thread works (`asyncio.to_thread`). A wait on a socket, or a
    time.sleep, is a RealWait:

    >>> import time
    >>> async def asleep():
    ...     time.sleep(3600)
    >>> run_in_virtual_time(asleep())
    Traceback (most recent call last):
    asyncweb.errors.RealWait: time.sleep in asleep, line 2: ...

    When nothing is left that could happen, that is a Deadlock, which names who waits where:

    >>> async def forgotten():
    ...     await asyncio.Event().wait()
    >>> run_in_virtual_time(forgotten())
    Traceback (most recent call last):
    asyncweb.errors.Deadlock: every task waits for another: forgotten at line 2: await ...
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._refused: RealWait | None = None
        self._at_work: set[asyncio.Future[Any]] = set()  # threads
        super().__init__(_Jumps(self))
        # A float of many days has no nanoseconds left: a timer would be due and never come.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        """The virtual time, in seconds since this loop was made."""
        return self._now

    def run_forever(self) -> None:
        """Runs until `stop`; what waits in reality on this thread is refused meanwhile."""
        self._refused = None
        before = sys.getprofile()
        try:
            super().run_forever()
        finally:
            sys.setprofile(before)

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """The same as on any loop; the clock stands still until it is done."""
        future = super().run_in_executor(executor, func, *args)
        self._at_work.add(future)
        future.add_done_callback(self._at_work.discard)
        return future

    async def shutdown_default_executor(self, *args: Any, **settings: Any) -> None:
        """The same; the end of a thread is real too."""
        ending = self.create_future()
        self._at_work.add(ending)
        try:
            await super().shutdown_default_executor(*args, **settings)
        finally:
            self._at_work.discard(ending)

    def check(self) -> None:
        """Raises the RealWait that the code under test has swallowed, if it has."""
        refused, self._refused = self._refused, None
        if refused is not None:
            raise refused

    # ------------------------------------------------------------------ what the selector asks

    def guard(self) -> None:
        """Looks at each call of this thread from now on; Python forgets it after a refusal."""
        if sys.getprofile() is None:
            sys.setprofile(self._look)

    def idle(self, timeout: float | None, poll: Callable[[float], list[Any]]) -> list[Any]:
        """What happens when nothing can run: a jump of `timeout` seconds, to the next timer."""
        self.check()
        if self._at_work:
            return poll(PATIENCE_S) or self._give_up_on_threads()
        if timeout is None:
            raise Deadlock(self._who_waits())
        self._now += timeout
        return []

    def refuse(self, what: str) -> None:
        """Raises RealWait here; once more where nothing can run, if somebody swallows it."""
        self._refused = RealWait(
            f"{what}: on a VirtualLoop time passes only by asyncio.sleep, timeouts and "
            "loop.call_at; await one of these, or test on a real loop"
        )
        raise self._refused

    def _look(self, frame: FrameType, event: str, called: Any) -> None:
        wait = real_wait(called) if event == "c_call" else ""
        if wait:
            self.refuse(f"{wait} in {frame.f_code.co_qualname}, line {frame.f_lineno}")

    def _who_waits(self) -> str:
        told = [
            f"{task.get_coro().__qualname__} {waits_at(task)}"  # type: ignore[union-attr]
            for task in sorted(asyncio.all_tasks(self), key=lambda task: task.get_name())
        ]
        return (
            f"every task waits for another: {'; '.join(told)}. Nothing is due and no thread works: "
            "look for who should have set, released, put or answered what they wait for"
        )

    def _give_up_on_threads(self) -> list[Any]:
        raise RealWait(
            f"a thread has worked for {PATIENCE_S:g} s of real time: virtual time stands still for "
            "asyncio.to_thread and ctx.offload; give it something that ends at once"
        )


def _refusing(name: str) -> Callable[..., Coroutine[Any, Any, None]]:
    async def refuse(loop: VirtualLoop, *args: Any, **settings: Any) -> None:
        loop.refuse(f"loop.{name}")

    return refuse


# What opens something is refused before it does; nobody would close it.
for _name in (
    "create_connection", "create_datagram_endpoint", "create_server", "create_unix_connection",
    "create_unix_server", "getaddrinfo", "subprocess_exec", "subprocess_shell",
):  # fmt: skip
    setattr(VirtualLoop, _name, _refusing(_name))


class _Jumps(selectors.BaseSelector):
    """Where a loop waits for news: this one lets its loop decide what happens instead."""

    def __init__(self, loop: VirtualLoop):
        self._loop = loop
        self._real = selectors.DefaultSelector()

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        if self._real.get_map():  # what wakes the loop comes first; all else is real
            self._loop.refuse("a wait for a socket")
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def select(self, timeout: float | None = None) -> list[Any]:
        self._loop.guard()
        came = self._real.select(0)
        return came if came or timeout == 0 else self._loop.idle(timeout, self._real.select)

    def close(self) -> None:
        self._real.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()
