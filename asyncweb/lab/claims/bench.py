"""Where all systems are measured: the same material, the same generators, the same cores.

Rule: the same processes ask all systems; one that was disturbed in its work is replaced, and asks
nobody any more.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import psutil

from asyncweb.errors import AsyncwebError, LessonError
from asyncweb.lab.claims.launched import free_port
from asyncweb.lab.claims.material import Material
from asyncweb.lab.claims.peers.peer import Peer, Seat
from asyncweb.lab.claims.pinning import Cores
from asyncweb.lab.claims.program import Program
from asyncweb.lab.claims.protocol import Protocol
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.run import LoadProcess

# What a system or a generator may do to a look; whatever else is raised is our own mistake.
FAULTS = (AsyncwebError, OSError, psutil.Error)


class NoFigure(LessonError):
    """There is nothing to tell in numbers; the message says why, and the way out."""


def reason(error: BaseException) -> str:
    """Why there is no figure, in words.

    >>> reason(NoFigure("nothing was answered")), reason(ConnectionResetError("by peer"))
    ('nothing was answered', 'ConnectionResetError: by peer')
    """
    return str(error) if isinstance(error, LessonError) else f"{type(error).__name__}: {error}"


class Generator:
    """A process that makes load, which is there when it is first needed."""

    def __init__(self, cores: Cores):
        self._cores = cores
        self._process: LoadProcess | None = None

    def run(self, plan: Plan, on_progress: Callable[[Progress], None] | None = None) -> Result:
        """What `plan` found. Raises LoadError, and KeyboardInterrupt for a Ctrl-C."""
        with self._undisturbed() as load:
            result = load.run(plan, on_progress)
            if result.interrupted:
                raise KeyboardInterrupt
        return result

    @contextlib.contextmanager
    def meanwhile(self, plan: Plan) -> Iterator[list[Result]]:
        """Has begun with `plan` within the with, and has ended it after; its result is then there.

        Raises LoadError.
        """
        results: list[Result] = []
        with self._undisturbed() as load:
            load.prepare(plan)
            load.start()
            next((seen for seen in load.snapshots() if seen.at_s > 0), None)
            yield results
            results.append(load.stop())

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.close()
            self._process = None

    @contextlib.contextmanager
    def _undisturbed(self) -> Iterator[LoadProcess]:
        try:
            if self._process is None:
                self._process = LoadProcess()
                self._cores.give_load(self._process.pid)
            yield self._process
        except BaseException:
            self.close()  # it may be in the middle of a plan
            raise


class Bench:
    """What every visit needs. `with Bench(...) as bench:` all its processes end after it."""

    def __init__(self, protocol: Protocol, material: Material, cores: Cores):
        self.protocol, self.material, self.cores = protocol, material, cores
        self.asking, self.waiting = Generator(cores), Generator(cores)

    @contextlib.contextmanager
    def started(
        self, peer: Peer, built: Path | None, host: str = "127.0.0.1", **most: int
    ) -> Iterator[Program]:
        """A new process of `peer`; `most` are connections and workers, as a Seat has them.

        Raises NotRunning when it does not start, or answers what it should not.
        """
        with tempfile.TemporaryDirectory(prefix="asyncweb-claims-") as folder:
            seat = Seat(free_port(host), self.material, Path(folder), host, **most)
            with Program(peer, built, seat, self.cores.server) as program:
                yield program

    def ask(
        self, program: Program, plan: Plan, look: Callable[[Progress], object] = lambda seen: None
    ) -> Result:
        """What `plan`, which is for `program`, found; `look` is called five times a second.

        Raises LoadError, and NotRunning as soon as the program has ended.
        """

        def watch(progress: Progress) -> None:
            program.check_alive()
            look(progress)

        return self.asking.run(plan, watch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.asking.close()
        self.waiting.close()
