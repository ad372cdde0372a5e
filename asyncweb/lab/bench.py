"""The workbench: several targets, one load, rounds in turn, a live view.

Rule: targets take turns, and every other time in reverse order, so that whatever else the machine
does meanwhile meets them all.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Self, TypeVar

from asyncweb.dashboard.history import History
from asyncweb.dashboard.screen import KeyedScreen, ResultScreen, Screen, open_screen
from asyncweb.errors import LoadError
from asyncweb.lab.report import Report
from asyncweb.lab.target import Target
from asyncweb.lab.under_way import over, planned, under_way
from asyncweb.loadtest.ceiling import ceiling
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.run import LoadProcess
from asyncweb.metrics.turn import Turn
from asyncweb.servers.base import Server

T = TypeVar("T")
WARM_UP_S = 0.3
WARM_UP_CONNECTIONS = 20


class Bench:
    """`with Bench({"async": server}) as bench: bench.step(plan)`.

    With `twins`, each server is measured as a twin of its own process; without, as it runs.
    """

    def __init__(
        self,
        targets: Mapping[str, Server | str],
        *,
        twins: bool = False,
        processes: int = 1,
        screen: Screen | None = None,
    ):
        if not targets:
            raise LoadError('nothing to measure: give at least one target, {"name": server or URL}')
        for name, what in targets.items():
            if not isinstance(what, Server | str):
                raise LoadError(f"{name}={what!r}: expected a server or a URL")
        self._targets = [Target(name, what) for name, what in targets.items()]
        self._twins = twins
        self._processes = processes  # that make the load
        self._given_screen = screen
        self._ceiling_rps = ceiling(processes)
        self.history = History()

    def __enter__(self) -> Self:
        self._closing = contextlib.ExitStack()
        with contextlib.ExitStack() as opening:
            for target in self._targets:
                self.history.follow(target.name, target.engine)
            self._screen = self._given_screen or open_screen()
            opening.callback(self._screen.close)
            if isinstance(self._screen, KeyedScreen):
                self._screen.listen(self.history.mark)
            self.history.note = "starting"  # nobody waits before a black screen
            self._screen.update(self.history.frame())
            self._load = opening.enter_context(LoadProcess(self._processes))
            if self._twins:
                for target in self._targets:
                    opening.callback(target.close)
                    target.open_twin()
            self._closing = opening.pop_all()
        self._began = time.monotonic()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def warm_up(self, plan: Plan, path: str) -> None:
        """Lets every twin answer for a moment; looks at what each target uses when idle.

        Of servers that were not started here nothing is asked before the plan begins.
        """
        little = replace(
            plan,
            connections=max(WARM_UP_CONNECTIONS, self._processes),  # each of them needs one
            duration_s=WARM_UP_S,
            requests=None,
            arrivals=None,
            think_s=0.0,
            warm_up_s=0.0,
        )
        for target in self._targets:
            if target.is_twin and self._load.run(target.plan(little, path)).interrupted:
                raise KeyboardInterrupt  # there is nothing yet to tell
            target.watch()

    def step(self, plan: Plan, path: str, rounds: int, title: str) -> Report:
        """The same load on each target, `rounds` times in turn; `plan.url` is theirs in turn.

        Ends early, with what was found until then, when it is interrupted.
        """
        self.history.title, self.history.note = title, ""
        for target in self._targets:
            target.begin_step()
        turns = [
            (number, target)
            for number in range(rounds)
            for target in (self._targets if number % 2 == 0 else reversed(self._targets))
        ]
        for place, (number, target) in enumerate(turns):
            after = turns[place + 1][1].name if place + 1 < len(turns) else ""
            turn = replace(
                planned(target.name, plan), round=number + 1, rounds=rounds, next_target=after
            )
            if self._round(target, target.plan(plan, path), turn):
                break
        self._screen.update(self.history.frame())
        return Report(
            tuple(target.measured(plan.connections) for target in self._targets if target.results)
        )

    def conclude(self, found: T) -> T:
        """`found`, which is shown below the live view where that is the place for it."""
        if isinstance(self._screen, ResultScreen):
            self._screen.conclude(found)
        return found

    def _round(self, target: Target, plan: Plan, turn: Turn) -> bool:
        """One turn of one target; whether it was interrupted."""

        def show(progress: Progress) -> None:
            at_s = time.monotonic() - self._began
            self.history.turn = under_way(turn, progress, self._ceiling_rps)
            self.history.add(target.name, target.snapshot(progress, at_s, plan.connections))
            self._screen.update(self.history.frame())

        self.history.turn = turn
        target.begin_turn()
        result = self._load.run(plan, show)
        self.history.turn = over(self.history.turn, result)
        target.results.append(result)
        return result.interrupted
