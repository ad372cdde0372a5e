"""What a request, a connection and a thread cost on this machine, measured.

Rule: every figure that the simulation is given comes from here: real servers in processes of their
own, real load, CPU and memory looked at from outside. What cannot be measured is None.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, replace

import psutil

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.drawing import units
from asyncweb.errors import LoadError
from asyncweb.lab.cost import cost_s
from asyncweb.lab.headroom import most_threads
from asyncweb.lab.simulation.model import Memory, Model
from asyncweb.lab.simulation.record import stacks
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.run import LoadProcess
from asyncweb.metrics.probes import ProcessProbe, ProcessUse, slope
from asyncweb.servers.aio import AsyncServer
from asyncweb.servers.base import Server
from asyncweb.servers.threads import ThreadServer

WAIT_S = 0.010  # of a request that waits
CROWD = (30, 105, 180)  # connections; the first warm the process up, and any laptop opens so many
BUSY = 20  # connections that ask without a pause
WAITING = 150  # connections that wait most of the time: enough to keep the server busy all the same
HOLD_S = 0.3  # that a crowd is held, so that it is seen
STARTED = 200  # threads, one after the other


@dataclass(frozen=True, slots=True)
class Machine:
    """What was measured, as the simulation takes it.

    >>> loop = Model("async", 50e-6, 30e-6, memory=Memory(20e6, 2500))
    >>> threads = Model("threads", 90e-6, 60e-6, memory=Memory(20e6, 19_000, 2**23))
    >>> machine = Machine(loop, threads, 50e-6, most_threads=30_000, memory_bytes=8e9)
    >>> machine.bounded(machine.threads).bounds.connections
    30000
    >>> machine.bounded(machine.loop).bounds.connections
    3192000
    >>> print(machine)
             CPU to answer  to wait and come back  each connection  each stack
      async        50.0 µs                30.0 µs         2.44 KiB        none
    threads        90.0 µs                60.0 µs         18.6 KiB    8.00 MiB
    to start a thread: 50.0 µs; threads at most: 30,000; memory: 7,629 MiB
    """

    loop: Model
    threads: Model
    thread_start_s: float
    most_threads: int | None  # that the system allows; None where it does not say
    memory_bytes: float  # of this machine

    def bounded(self, model: Model) -> Model:
        """`model` with no more connections than the memory, and the threads, of this machine."""
        memory, most = model.memory, []
        if memory.connection_bytes:
            room_bytes = self.memory_bytes - memory.base_bytes
            most.append(max(int(room_bytes / memory.connection_bytes), 1))
        if memory.stack_bytes != 0 and self.most_threads is not None:  # it serves with threads
            most.append(self.most_threads)
        bounds = replace(model.bounds, connections=min(most, default=None))
        return replace(model, bounds=bounds)

    def __repr__(self) -> str:
        heads = ("", "CPU to answer", "to wait and come back", "each connection", "each stack")
        rows = [heads, _row(self.loop), _row(self.threads)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        ]
        lines.append(
            f"to start a thread: {units.seconds(self.thread_start_s)}; threads at most: "
            f"{units.count(self.most_threads)}; memory: {units.memory(self.memory_bytes)}"
        )
        return "\n".join(lines)


def measure_machine(seconds: float = 1.0) -> Machine:
    """What requests, connections and threads cost here; `seconds` for each of four loads.

    Takes about ten seconds with a second each. Raises LoadError when a server does not answer.
    """
    app = App()
    app.get("/")(_answer)
    app.get("/wait")(_wait)
    with LoadProcess() as load:
        loop = _model(AsyncServer(app), load, seconds, stack_bytes=0)
        threads = _model(ThreadServer(app), load, seconds, stack_bytes=_stack_bytes())
    return Machine(loop, threads, _thread_start_s(), most_threads(), psutil.virtual_memory().total)


def cpu_per_request(server: Server, path: str = "/", seconds: float = 1.0) -> float:
    """Seconds of a core that a twin of `server` uses for a request of `path`.

    The twin has a process of its own. The request is asked again and again, on BUSY connections.
    Raises LoadError when it is not answered.
    """
    with LoadProcess() as load, server.twin().start(process=True) as twin:
        return _cpu_s(twin, load, Plan(twin.url + path, BUSY, seconds))


async def _answer(ctx: Context) -> str:
    return "Hello World"


async def _wait(ctx: Context) -> str:
    await ctx.sleep(WAIT_S)
    return "Hello World"


def _model(server: Server, load: LoadProcess, seconds: float, stack_bytes: int | None) -> Model:
    with server.start(process=True):
        # Memory first: later connections use again what earlier ones have left.
        base_bytes, connection_bytes = _memory(server, load)
        answer_s = _cpu_s(server, load, Plan(server.url + "/", BUSY, seconds))
        waiting_s = _cpu_s(server, load, Plan(server.url + "/wait", WAITING, seconds))
    memory = Memory(base_bytes, connection_bytes, stack_bytes)
    # The two requests are alike but for the wait: what the second costs more, the wait costs.
    return Model(server.name, answer_s, max(waiting_s - answer_s, 0.0), memory=memory)


def _cpu_s(server: Server, load: LoadProcess, plan: Plan) -> float:
    return cost_s(server.name, load, plan, [server.pid])


def _memory(server: Server, load: LoadProcess) -> tuple[float, float]:
    """Resident bytes without a connection, and for each."""
    probe, seen = ProcessProbe(server.pid), dict[int, float]()

    def look(progress: Progress) -> None:
        resident = _use(probe).rss_bytes
        seen[progress.connected] = max(seen.get(progress.connected, 0), resident)

    for crowd in CROWD:
        load.run(Plan(server.url + "/", crowd, HOLD_S, think_s=HOLD_S / 2), look)
    points = [(crowd, seen[crowd]) for crowd in CROWD if crowd in seen]
    each = slope(points)
    if each is None:
        raise LoadError(f"{server.name} was not seen with all its connections; measure again")
    each = max(each, 0.0)  # less than nothing is noise
    return points[0][1] - each * points[0][0], each


def _use(probe: ProcessProbe) -> ProcessUse:
    use = probe.sample()
    if use is None:
        raise LoadError("the server's process has ended while it was measured; measure again")
    return use


def _thread_start_s() -> float:
    """To start a thread that does nothing, and see its end."""
    began = time.perf_counter()
    for _ in range(STARTED):
        thread = threading.Thread(target=_nothing)
        thread.start()
        thread.join()
    return (time.perf_counter() - began) / STARTED


def _nothing() -> None:
    pass


def _stack_bytes() -> int | None:
    """The addresses that a new thread's stack takes; None where the system does not tell."""
    if size := threading.stack_size():
        return size
    if sys.platform == "linux":  # elsewhere the limit is that of the main thread alone
        import resource

        soft = resource.getrlimit(resource.RLIMIT_STACK)[0]
        return None if soft == resource.RLIM_INFINITY else soft
    return None


def _row(model: Model) -> tuple[str, ...]:
    memory = model.memory
    return (
        model.name,
        units.seconds(model.answer_s),
        units.seconds(model.switch_s),
        units.memory(memory.connection_bytes),
        stacks(memory.stack_bytes),
    )
