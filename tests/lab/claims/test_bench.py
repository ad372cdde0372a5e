"""The process that asks all systems: kept while it works, replaced when it was disturbed."""

from __future__ import annotations

import pytest

from asyncweb.errors import LoadError
from asyncweb.lab.claims import bench
from asyncweb.lab.claims.pinning import Cores
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.result import Result
from asyncweb.metrics.histogram import Histogram

PLAN = Plan("http://127.0.0.1:8000/")


def result(**more):
    return Result("/", 1, 1.0, 1, 0, Histogram([0.1]), **more)


@pytest.fixture
def made(monkeypatch):
    """Every process that was made; what the next plans find is in `finds`."""

    class Process:
        pid = 1
        is_closed = False

        def run(self, plan, on_progress=None):
            found = finds.pop(0)
            if isinstance(found, BaseException):
                raise found
            return found

        def close(self):
            self.is_closed = True

    def make():
        processes.append(Process())
        return processes[-1]

    finds, processes = [], []
    monkeypatch.setattr(bench, "LoadProcess", make)
    return bench.Generator(Cores(None, None)), finds, processes


def test_one_process_does_all_plans(made):
    generator, finds, processes = made
    finds += [result(), result()]
    for _ in range(2):
        assert generator.run(PLAN).requests == 1
    assert len(processes) == 1 and not processes[0].is_closed
    generator.close()
    assert processes[0].is_closed


@pytest.mark.parametrize(
    "found, raised",
    [(result(interrupted=True), KeyboardInterrupt), (LoadError("it is gone"), LoadError)],
    ids=["Ctrl-C", "failure"],
)
def test_one_that_was_disturbed_asks_nobody_any_more(made, found, raised):
    generator, finds, processes = made
    finds += [found, result()]
    with pytest.raises(raised):
        generator.run(PLAN)
    assert processes[0].is_closed
    assert generator.run(PLAN).requests == 1 and len(processes) == 2
