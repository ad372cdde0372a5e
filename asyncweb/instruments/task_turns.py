"""Tasks by schedule: an event loop that runs one step of one task at a time, chosen for it.

Rule: a step is chosen when all else has come to rest, so that everybody who can run can be chosen.
Time is virtual, and passes only when no task can run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextvars import Context
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from asyncweb.errors import InstrumentError
from asyncweb.instruments.apart import apart
from asyncweb.instruments.code_under_test import function_of, places_of
from asyncweb.instruments.letters import letter, short_name
from asyncweb.instruments.schedule import Schedule
from asyncweb.instruments.story import Story, TurnTaken
from asyncweb.instruments.task_lines import line_of, waiting_frame
from asyncweb.instruments.turn_locks import turn_locks
from asyncweb.instruments.virtual_loop import VirtualLoop

MAIN = "main"


def run_tasks(
    scenario: Callable[[], Coroutine[Any, Any, Any]],
    schedule: Schedule,
    modules: Sequence[ModuleType] = (),
) -> Story:
    """What happened when the tasks of `scenario` ran in the order of `schedule`."""
    return apart(_run_tasks, scenario, schedule, modules)


def _run_tasks(
    scenario: Callable[[], Coroutine[Any, Any, Any]],
    schedule: Schedule,
    modules: Sequence[ModuleType],
) -> Story:
    loop = SteppedLoop(schedule)
    places = places_of(function_of(scenario), modules)
    with turn_locks(places), asyncio.Runner(loop_factory=lambda: loop) as runner:
        try:
            runner.run(scenario())
            loop.check()
        except (Exception, SystemExit, asyncio.CancelledError) as error:
            if type(error) is InstrumentError:  # the schedule itself does not fit
                raise
            loop.story.error = error
        finally:
            loop.end_story()
    return loop.story


class SteppedLoop(VirtualLoop):
    """A VirtualLoop that asks `schedule` which task goes on; `story` is what happened."""

    def __init__(self, schedule: Schedule):
        super().__init__()
        self._schedule: Schedule | None = schedule
        self._letters: WeakKeyDictionary[asyncio.Task[Any], str] = WeakKeyDictionary()
        self._steps: list[tuple[asyncio.Task[Any], Callable[[], None]]] = []
        self._names: dict[str, str] = {}
        self._running: tuple[asyncio.Task[Any], str] | None = None
        self.story = Story(schedule.name, self._names)
        self.set_task_factory(self._make_task)
        # A task that fails beside the scenario says so in the story, not on standard error.
        self.set_exception_handler(lambda loop, context: None)

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """The same, but for a step of a task: that one waits until it is chosen."""
        task = getattr(callback, "__self__", None)
        if not isinstance(task, asyncio.Task):
            return super().call_soon(callback, *args, context=context)
        handle = asyncio.Handle(callback, args, self, context)

        def step() -> None:
            if not handle.cancelled():
                super(SteppedLoop, self).call_soon(callback, *args, context=context)

        self._steps.append((task, step))
        return handle

    def idle(self, timeout: float | None, poll: Callable[[float], list[Any]]) -> list[Any]:
        """What happens when nothing else can run: one step, or a jump of the clock."""
        self._end_step()
        if not self._steps:
            return super().idle(timeout, poll)
        self.check()
        task, step = self._steps.pop(self._chosen())
        self._running = task, self._since(task)
        step()
        return []

    def end_story(self) -> None:
        """Ends it; what comes now only tidies up."""
        self._end_step()
        self._schedule = None

    def _since(self, task: asyncio.Task[Any]) -> str:
        frame = waiting_frame(task)
        has_begun = self._letters.get(task) in {turn.who for turn in self.story.turns}
        return line_of(frame) if has_begun and frame is not None else "the beginning"

    def _chosen(self) -> int:
        if self._schedule is None:
            return 0
        ready = [self._letters[task] for task, _ in self._steps]
        return ready.index(self._schedule.choose(ready))

    def _end_step(self) -> None:
        if self._running is None or self._schedule is None:
            return
        (task, since), self._running = self._running, None
        frame = waiting_frame(task)
        until = "the end" if task.done() or frame is None else line_of(frame)
        self.story.add(TurnTaken(self._letters[task], since, until))

    def _make_task(
        self, loop: asyncio.AbstractEventLoop, coroutine: Any, **settings: Any
    ) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **settings)
        if self._schedule is not None:
            who = letter(len(self._names) - 1) if self._names else MAIN
            self._names[who] = short_name(coroutine)
            self._letters[task] = who
        return task
