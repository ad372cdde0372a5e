"""Threads by schedule: one of them runs at a time, and gives the turn back where it is told to.

Rule: a thread gives its turn back before it reads or writes what others may share, and where it
would wait for a lock. It never waits for a lock itself: the turn comes when the lock is free.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from asyncweb.errors import Deadlock, InstrumentError
from asyncweb.instruments.code_under_test import Codes, codes_of, function_of, places_of
from asyncweb.instruments.letters import letter, short_name
from asyncweb.instruments.schedule import Schedule
from asyncweb.instruments.story import Story, TurnTaken
from asyncweb.instruments.switch_points import switch_points
from asyncweb.instruments.turn_locks import stand_ins, turn_locks
from asyncweb.instruments.worker import Worker, current_worker, give_turn

_REAL_SLEEP = time.sleep


def run_threads(
    scenario: Callable[..., Any], schedule: Schedule, modules: Sequence[ModuleType]
) -> Story:
    """What happened when the threads of `scenario` took turns in the order of `schedule`."""
    function = function_of(scenario)
    codes = codes_of(function, modules)
    turns = Turns(schedule, codes)
    places = places_of(function, modules)
    naps = stand_ins([*places, vars(time)], {id(_REAL_SLEEP): turn_sleep})
    with turn_locks(places), naps, switch_points(codes, give_turn):
        try:
            scenario(turns.together)
        except (Exception, SystemExit) as error:
            if type(error) is InstrumentError:  # the schedule itself does not fit
                raise
            turns.story.error = error
    return turns.story


class Turns:
    """Runs functions in threads that take turns; `story` is what happened."""

    def __init__(self, schedule: Schedule, codes: Codes):
        self._schedule = schedule
        self._codes = codes
        self._names: dict[str, str] = {}
        self.story = Story(schedule.name, self._names)

    def together(self, *functions: Callable[[], Any]) -> None:
        """Returns when all `functions` have ended; raises what the first of them raised."""
        workers = []
        for function in functions:
            who = letter(len(self._names))
            self._names[who] = short_name(function)
            workers.append(Worker(who, function, self._codes))
        try:
            self._take_turns(workers)
        finally:
            for worker in workers:
                worker.abandon()
        for worker in workers:
            if worker.error is not None:
                raise worker.error

    def _take_turns(self, workers: Sequence[Worker]) -> None:
        last = ""
        while alive := [worker for worker in workers if not worker.has_ended]:
            ready = {worker.who: worker for worker in alive if worker.can_run}
            # Who waits with a timeout gives up when nobody else can do anything.
            ready = ready or {worker.who: worker for worker in alive if worker.can_give_up}
            if not ready:
                raise Deadlock(_who_waits(alive))
            last = self._schedule.choose(_in_usual_order(ready, last))
            since = ready[last].line
            ready[last].go_on()
            self.story.add(TurnTaken(last, since, ready[last].line))


def _in_usual_order(ready: Mapping[str, Worker], last: str) -> list[str]:
    """Who runs goes on, and comes last when it sleeps."""

    def place(who: str) -> tuple[bool, bool]:
        is_asleep = ready[who].is_asleep
        return is_asleep, (who == last) is is_asleep

    return sorted(ready, key=place)


def turn_sleep(seconds: float) -> None:
    """A time.sleep that takes no time from who takes turns, and the usual time from all else."""
    worker = current_worker()
    if worker is None:
        _REAL_SLEEP(seconds)
    else:
        worker.sleep()


def _who_waits(workers: Sequence[Worker]) -> str:
    told = "; ".join(f"{worker.who} at {worker.line}" for worker in workers)
    return (
        f"every thread waits for another: {told}. Take the locks in the same order everywhere, and "
        "release each that was taken; threads that the code starts itself are in no schedule"
    )
