"""The process that makes the load: it does one plan after the other until its pipe closes.

Rule: it shares nothing with the servers it loads, neither GIL nor memory, and never outlives the
one who asked for the load.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import threading

from asyncweb.errors import LoadError
from asyncweb.loadtest.client import Crowd
from asyncweb.loadtest.plan import ALONE, Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.pulse import Pulse
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.standstill import Standstill
from asyncweb.servers.child import Pipe
from asyncweb.servers.event_loop import new_event_loop

STOP = "stop"  # said instead of a plan: end the present one early
HERE = "here"  # said once, when plans can be done
GATHERED = "gathered"  # said by one of several: when all have, they are told when to start
PROGRESS_EVERY_S = 0.2


def main(pipe: Pipe) -> None:
    """Says HERE, then takes plans from the pipe: a Progress five times a second, then the Result.

    A LoadError takes the place of a result where there can be none.
    """
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_Worker(pipe).work())


class _Worker:
    def __init__(self, pipe: Pipe):
        self._pipe = pipe
        self._plans: asyncio.Queue[bytes] = asyncio.Queue()
        self._crowd: Crowd | None = None
        self._is_stopped = False  # the plan last heard; it may not have begun
        self._start: asyncio.Future[float]  # when, by time.perf_counter

    async def work(self) -> None:
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._listen, daemon=True).start()
        self._send(HERE)
        while True:
            await self._run(await self._plans.get())

    async def _run(self, packed: bytes) -> None:
        try:
            found: Result | LoadError = await self._done(_unpacked(packed))
        except LoadError as error:
            found = error
        self._send(found)

    async def _done(self, plan: Plan) -> Result:
        self._crowd = Crowd(plan)
        if self._is_stopped:
            self._crowd.over.set()
        self._start = self._loop.create_future()
        telling = self._loop.create_task(self._tell(self._crowd))
        watch = plan.ask and Standstill(plan.ask, plan.timeout_s, self._give_up)
        try:
            return await self._crowd.run(None if plan.part == ALONE else self._start_together)
        finally:
            telling.cancel()
            if watch:
                watch.end()

    def _give_up(self, error: LoadError) -> None:
        """Tells of `error` and ends this process, whose loop stands still for good."""
        self._send(error)
        os._exit(1)

    async def _start_together(self) -> float:
        self._send(GATHERED)
        return await self._start

    async def _tell(self, crowd: Crowd) -> None:
        pulse = Pulse(crowd)
        while True:
            await asyncio.sleep(PROGRESS_EVERY_S)
            if crowd.ended:  # those who go home are not the picture of the load
                return
            self._send(pulse.progress())

    def _send(self, found: Progress | Result | LoadError | str) -> None:
        with contextlib.suppress(OSError):  # nobody listens any more, and `_listen` ends us
            self._pipe.send(found)

    def _listen(self) -> None:
        with contextlib.suppress(EOFError):
            while True:
                message = self._pipe.receive()
                self._loop.call_soon_threadsafe(self._heard, message)
        # Nobody is left to be told anything. A loop that is busy with a large crowd would notice
        # late or never, and go on loading servers for nobody.
        os._exit(0)

    def _heard(self, message: bytes | float | int | str) -> None:
        if isinstance(message, bytes):
            self._is_stopped = False
            self._plans.put_nowait(message)
        elif isinstance(message, int):
            if self._crowd is not None:
                self._crowd.resize(message)
        elif isinstance(message, float):
            if not self._start.done():  # another could not do its part, and ended this one
                self._start.set_result(message)
        else:
            self._is_stopped = True
            if self._crowd is not None:
                self._crowd.over.set()


def _unpacked(data: bytes) -> Plan:
    try:
        plan: Plan = pickle.loads(data)
    except Exception as error:  # whatever the import of a function's module may raise
        raise LoadError(f"the load's process cannot read the plan: {error}") from error
    return plan
