"""The same code under every order in which its tasks or threads can run, as far as that is bounded.

Rule: nothing is left to chance, so what fails once fails again, under the schedule's name.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NamedTuple

from asyncweb.errors import InstrumentError
from asyncweb.instruments.schedule import Schedule
from asyncweb.instruments.story import Story
from asyncweb.instruments.task_turns import run_tasks
from asyncweb.instruments.thread_turns import run_threads

MOST = 500


class Explored(NamedTuple):
    """What came of it: how many schedules were tried, and the first that failed.

    >>> import asyncio
    >>> async def two_deposits():
    ...     balance = 0
    ...     async def add(amount):
    ...         nonlocal balance
    ...         seen = balance
    ...         await asyncio.sleep(0)
    ...         balance = seen + amount
    ...     await asyncio.gather(add(1), add(2))
    ...     assert balance == 3, f"{balance} of 3"
    >>> found = explore(two_deposits)
    >>> print(found)
    schedule usual fails: AssertionError: 2 of 3
    main: two_deposits  A: two_deposits.add  B: two_deposits.add
    turn  who   from                                          until
    1     main  the beginning                                 line 8: await asyncio.gather(...
    2     A     the beginning                                 line 6: await asyncio.sleep(0)
    3     B     the beginning                                 line 6: await asyncio.sleep(0)
    4     A     line 6: await asyncio.sleep(0)                the end
    5     B     line 6: await asyncio.sleep(0)                the end
    6     main  line 8: await asyncio.gather(add(1), add(2))  the end
    >>> found.tried, found.is_all, found.failed.name
    (1, False, 'usual')
    """

    tried: int
    is_all: bool  # whether there are no others
    failed: Story | None  # None: all that were tried hold

    def check(self) -> None:
        """Raises AssertionError, with the table, when a schedule failed.

        >>> Explored(tried=6, is_all=True, failed=None).check()
        """
        if self.failed is not None:
            raise AssertionError(str(self)) from self.failed.error

    def __str__(self) -> str:
        if self.failed is not None:
            return str(self.failed)
        if self.is_all:
            return f"holds under all {self.tried} schedules"
        return f"holds under the first {self.tried} schedules; there are more"

    def __repr__(self) -> str:
        return str(self)  # what a notebook shows, and pytest


def explore(
    scenario: Callable[..., Any], *, most: int = MOST, code: Sequence[ModuleType] = ()
) -> Explored:
    """Whether `scenario` raises under any schedule, at most `most` of them.

    A scenario makes a fresh world, runs what it is about and checks what came of it. In an `async
    def` another task may go on at each await that waits. Any other is given `together(*functions)`,
    which runs each in a thread and returns when all have ended: another may go on before each read
    and write of what threads can share (an attribute, an item, a global, a variable of an enclosing
    function), also within a line, and before a lock is taken. Locks and lines are those of the
    scenario's own file and of `code`, the modules under test. Works in a notebook too, where a loop
    is running.

    >>> def two_visits(together):
    ...     visits = 0
    ...     def visit():
    ...         nonlocal visits
    ...         visits += 1
    ...     together(visit, visit)
    ...     assert visits == 2, f"{visits} of 2"
    >>> print(explore(two_visits))
    schedule 3B fails: AssertionError: 1 of 2
    A: two_visits.visit  B: two_visits.visit
    turn  who  from                                           until
    1     A    the beginning                                  line 5: visits += 1 (before ...
    2     B    the beginning                                  the end
    3     A    line 5: visits += 1 (before it writes visits)  the end
    """
    waiting, tried = deque([Schedule()]), 0
    while waiting and tried < most:
        schedule = waiting.popleft()
        story = _run(scenario, schedule, code)
        tried += 1
        if story.error is not None:
            return Explored(tried, False, story)
        waiting.extend(schedule.others())
    return Explored(tried, not waiting, None)


def replay(
    scenario: Callable[..., Any], name: str = "usual", *, code: Sequence[ModuleType] = ()
) -> Story:
    """What happens under the schedule of that name; `print` it, or raise its `error`.

    >>> async def nothing():
    ...     pass
    >>> print(replay(nothing))
    schedule usual holds
    main: nothing
    turn  who   from           until
    1     main  the beginning  the end
    """
    schedule = Schedule.named(name)
    story = _run(scenario, schedule, code)
    schedule.check_end()
    return story


def _run(scenario: Callable[..., Any], schedule: Schedule, code: Sequence[ModuleType]) -> Story:
    if inspect.iscoroutinefunction(scenario):
        return run_tasks(scenario, schedule, code)
    if inspect.signature(scenario).parameters:
        return run_threads(scenario, schedule, code)
    raise InstrumentError(
        f"{scenario!r}: expected an async def without parameters, for tasks, or a function of "
        "`together`, for threads"
    )
