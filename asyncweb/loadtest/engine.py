"""The seam of a load: who makes it on one side, what is done with what it finds on the other.

Rule: whoever wants a load says these four verbs in this order, and never asks who does the work:
processes of this machine (LoadProcess), or the machines of a Locust master (LocustMaster).

This is no engine of a server: what a server lends to its requests is `asyncweb.engine`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result


class LoadEngine(Protocol):
    """Those who make a load, whoever they are. Each verb raises LoadError when they cannot."""

    def prepare(self, plan: Plan) -> None:
        """Returns when all who shall do `plan` are there and could begin. Nothing is asked yet."""

    def start(self) -> None:
        """Lets them begin, and returns at once."""

    def snapshots(self) -> Iterator[Progress]:
        """How it stands with all of them, now and then, until the plan is done.

        May be left at any time, and entered again.
        """

    def stop(self) -> Result:
        """What all found together: of a plan that is not yet done, it is ended, the part until now.

        Waits for the answers that are on their way. Afterwards the next plan may be prepared.
        """


def run(
    engine: LoadEngine, plan: Plan, on_progress: Callable[[Progress], None] | None = None
) -> Result:
    """What `engine` found when it did what `plan` says.

    `on_progress` is called here, now and then. Ctrl-C ends the run and gives the partial result,
    with `interrupted` set; a second one is raised. Raises LoadError when the plan turns out to be
    impossible, and when one of those who make the load is lost.
    """
    engine.prepare(plan)
    engine.start()
    try:
        for progress in engine.snapshots():
            if on_progress is not None:
                on_progress(progress)
    except KeyboardInterrupt:
        return replace(engine.stop(), interrupted=True)
    return engine.stop()
