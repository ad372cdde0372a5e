"""What costs are measured, and what is made of them."""

from dataclasses import replace

import pytest

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.errors import LoadError
from asyncweb.lab import calibration
from asyncweb.lab.calibration import Machine, cpu_per_request, measure_machine
from asyncweb.lab.simulation.loads import ClosedLoop
from asyncweb.lab.simulation.model import Bounds, Memory, Model
from asyncweb.lab.simulation.record import table
from asyncweb.lab.simulation.run import simulate

GIB = 2**30


def machine(most_threads=1000):
    loop = Model("async", 50e-6, 30e-6, memory=Memory(GIB, 1024))
    threads = Model("threads", 90e-6, 60e-6, memory=Memory(GIB, 1024, 8192))
    return Machine(loop, threads, 1e-4, most_threads, memory_bytes=2 * GIB)


def test_memory_bounds_the_tasks_and_the_system_the_threads():
    assert machine().bounded(machine().loop).bounds.connections == GIB // 1024
    assert machine().bounded(machine().threads).bounds.connections == 1000
    assert machine(None).bounded(machine().threads).bounds.connections == GIB // 1024


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_where_the_system_does_not_tell_the_size_of_a_stack_it_is_not_known(system, monkeypatch):
    monkeypatch.setattr(calibration.sys, "platform", system)
    assert calibration._stack_bytes() is None


def test_threads_with_stacks_of_unknown_size_are_bounded_and_told_as_such():
    unknown = Model("threads", 90e-6, memory=Memory(GIB, 1024, stack_bytes=None))
    assert machine().bounded(unknown).bounds.connections == 1000
    assert "not known" in repr(replace(machine(), threads=unknown))
    assert "not known" in table([simulate(unknown, ClosedLoop(10), requests=100)])


def test_bounding_keeps_the_other_bounds():
    pool = Model("pool", 1e-3, bounds=Bounds(workers=4), memory=Memory(0, 1024))
    assert machine().bounded(pool).bounds == Bounds(workers=4, connections=2 * GIB // 1024)


def test_a_server_without_a_cost_for_each_connection_is_not_bounded():
    assert machine().bounded(Model("free", 1e-3)).bounds.connections is None


@pytest.mark.slow
@pytest.mark.parametrize("kind", [AsyncServer, ThreadServer])
def test_more_work_costs_more_of_the_processor(kind):
    app = App()
    app.get("/little")(lambda ctx: "done")
    app.get("/much")(lambda ctx: str(sum(range(30_000))))
    server = kind(app)
    little, much = (cpu_per_request(server, path, seconds=0.3) for path in ("/little", "/much"))
    assert 0 < little < much
    assert not server.is_running


def test_what_fails_has_no_cost():
    app = App()
    app.get("/")(lambda ctx: 1 / 0)
    with pytest.raises(LoadError, match="a cost can be told only of what works"):
        cpu_per_request(AsyncServer(app), seconds=0.1)


@pytest.mark.slow
def test_this_machine_is_measured_and_can_be_simulated(monkeypatch):
    monkeypatch.setattr(calibration, "STARTED", 20)
    found = measure_machine(seconds=0.3)
    for model in (found.loop, found.threads):
        assert 0 < model.answer_s < 0.1
        assert model.memory.base_bytes > 0
        record = simulate(found.bounded(model), ClosedLoop(10, wait_s=0.010), requests=100)
        assert record.requests == 100
    assert found.loop.memory.stack_bytes == 0 != found.threads.memory.stack_bytes
    assert found.thread_start_s > 0
    assert "threads at most" in repr(found)
