"""The lives of tasks: when each of them began, was told to end, and ended, and how.

Rule: time is virtual, so a life is as long as what the task waited for, to the millisecond, on
every machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from asyncweb.errors import InstrumentError
from asyncweb.instruments.apart import apart
from asyncweb.instruments.virtual_loop import VirtualLoop
from asyncweb.lab.lifeline_picture import as_html, as_text

LEFT = "left behind"


@dataclass(slots=True)
class Life:
    """The life of one task.

    >>> Life("fetch('a')", begins_ms=0, ends_ms=30, ended="cancelled", told_ms=20).lasts_ms
    30
    """

    name: str
    begins_ms: float
    ends_ms: float = 0.0
    ended: str = ""  # "returned", "cancelled", "ValueError"; LEFT: main was done before it
    told_ms: float | None = None  # when it was first told to end
    # When that was taken back, by the timeout or group it was for; Python 3.11's groups forget to.
    freed_ms: float | None = None

    @property
    def lasts_ms(self) -> float:
        """How long, from when it was made."""
        return self.ends_ms - self.begins_ms


@dataclass(frozen=True, slots=True, repr=False)
class Lifelines:
    """The lives of all tasks of a scenario, in the order in which they were made.

    >>> Lifelines((Life("main()", 0, 20, "returned"), Life("fetch('a')", 0, 20, "returned")))
    main()      ████████████████████████████████████████ returned at 20 ms
    fetch('a')  ████████████████████████████████████████ returned at 20 ms
    """

    lives: tuple[Life, ...]

    @property
    def lasted_ms(self) -> float:
        """Until the last of them had ended."""
        return max((life.ends_ms for life in self.lives), default=0.0)

    @property
    def names(self) -> list[str]:
        """The tasks, as "fetch('a')"; the first is the scenario itself."""
        return [life.name for life in self.lives]

    def life(self, name: str) -> Life:
        """The first life of that name. Raises KeyError, which says whose there are."""
        for life in self.lives:
            if life.name == name:
                return life
        raise KeyError(f"no task {name!r}; there were {', '.join(self.names)}")

    def ended(self, how: str) -> int:
        """How many tasks ended so: "returned", "cancelled", "left behind", "ValueError"."""
        return sum(life.ended == how for life in self.lives)

    def __repr__(self) -> str:
        return as_text(self.lives)

    def _repr_html_(self) -> str:
        return as_html(self.lives)


def lifelines(scenario: Callable[[], Coroutine[Any, Any, Any]]) -> Lifelines:
    """The lives of the tasks of `scenario`, an async function without parameters.

    What it raises is how it ended, and is not raised again; an InstrumentError is, for what waits
    in reality, or for ever. Works in a notebook too, where a loop is running.

    >>> async def fetch(name, ms):
    ...     await asyncio.sleep(ms / 1000)
    >>> async def both():
    ...     await asyncio.gather(fetch("a", 10), fetch("b", 20))
    >>> seen = lifelines(both)
    >>> seen
    both()          ████████████████████████████████████████ returned at 20 ms
    fetch('a', 10)  ████████████████████                     returned at 10 ms
    fetch('b', 20)  ████████████████████████████████████████ returned at 20 ms
    >>> seen.lasted_ms, seen.ended("returned"), seen.life("fetch('a', 10)").ends_ms
    (20.0, 3, 10.0)
    """
    return apart(_lived, scenario)


def _lived(scenario: Callable[[], Coroutine[Any, Any, Any]]) -> Lifelines:
    loop = _WatchedLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        try:
            runner.run(scenario())
            loop.check()
        except InstrumentError:
            raise
        except (Exception, asyncio.CancelledError):
            pass  # how it ended is a part of its life
        loop.leave_behind()
    return Lifelines(tuple(loop.lives))


class _WatchedLoop(VirtualLoop):
    """A VirtualLoop that notes the lives of its tasks, until the first of them has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.lives: list[Life] = []
        self._is_over = False
        self.set_task_factory(self._make_task)
        # A task that fails beside the scenario says so in its life, not on standard error.
        self.set_exception_handler(lambda loop, context: None)

    def now_ms(self) -> float:
        return round(1000 * self.time(), 3)

    def leave_behind(self) -> None:
        self._is_over = True
        for life in self.lives:
            if not life.ended:
                life.ends_ms, life.ended = self.now_ms(), LEFT

    def _make_task(
        self, loop: asyncio.AbstractEventLoop, coroutine: Any, **settings: Any
    ) -> asyncio.Task[Any]:
        task = _WatchedTask(coroutine, loop=loop, **settings)
        if not self._is_over:
            task.life = Life(_called(coroutine), self.now_ms())
            self.lives.append(task.life)
            task.add_done_callback(self._note_end)
        return task

    def _note_end(self, task: asyncio.Task[Any]) -> None:
        assert isinstance(task, _WatchedTask)
        if task.life is None or task.life.ended:
            return
        task.life.ends_ms = self.now_ms()
        if task.cancelled():
            task.life.ended = "cancelled"
        else:
            error = task.exception()
            task.life.ended = "returned" if error is None else type(error).__name__


class _WatchedTask(asyncio.Task[Any]):
    """A task that notes when it is told to end, and when that is taken back."""

    life: Life | None = None

    def cancel(self, msg: Any = None) -> bool:
        told = super().cancel(msg)
        if told and self.life and self.life.told_ms is None:
            self.life.told_ms = self._now_ms()
        return told

    def uncancel(self) -> int:
        left = super().uncancel()
        if not left and self.life and self.life.told_ms is not None:
            self.life.freed_ms = self._now_ms()
        return left

    def _now_ms(self) -> float:
        loop = self.get_loop()
        assert isinstance(loop, _WatchedLoop)
        return loop.now_ms()


def _called(coroutine: Any) -> str:
    """How it was called: "fetch('a', 10)"."""
    frame = coroutine.cr_frame
    names = frame.f_code.co_varnames[: frame.f_code.co_argcount]
    given = (repr(frame.f_locals[name]) for name in names if name in frame.f_locals)
    return f"{coroutine.__name__}({', '.join(given)})"
