"""A server as the simulation sees it: what a request costs it, and how many it has room for.

Rule: values only, in seconds and bytes; a server that makes no sense cannot be made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from asyncweb.errors import LessonError


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many there may be at a time; None: as many as come.

    >>> Bounds(workers=8, room=100).connections is None
    True
    """

    workers: int | None = None  # requests that are worked on, such as the threads of a pool
    room: int | None = None  # requests that wait for a worker; more are turned away
    connections: int | None = None  # users who are let in, such as the threads a machine can have

    def __post_init__(self) -> None:
        for name, least in (("workers", 1), ("room", 0), ("connections", 1)):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, int) and value >= least):
                raise LessonError(f"{name}={value!r}: expected {least} or more, or None")


@dataclass(frozen=True, slots=True)
class Memory:
    """What a server holds, in bytes.

    >>> memory = Memory(base_bytes=20e6, connection_bytes=20e3, stack_bytes=8 * 2**20)
    >>> memory.resident_bytes(1000), memory.reserved_bytes(1000)
    (40000000.0, 8388608000)
    """

    base_bytes: float = 0.0  # without any connection
    connection_bytes: float = 0.0  # resident, for each
    stack_bytes: float | None = 0.0  # reserved, for each; 0 for tasks, None where it is not known

    def resident_bytes(self, connections: float) -> float:
        """What is in memory with so many connections."""
        return self.base_bytes + self.connection_bytes * connections

    def reserved_bytes(self, connections: float) -> float | None:
        """What only has an address: the stacks. None where their size is not known."""
        return None if self.stack_bytes is None else self.stack_bytes * connections


@dataclass(frozen=True, slots=True)
class Model:
    """A server. Each request uses a core for `answer_s`; one that waits is then put aside, and
    to come back to it costs a core `switch_s`: a context switch of threads, or of tasks.

    >>> Model("loop", answer_s=50e-6, switch_s=30e-6).cpu_s(waits=True)
    8e-05
    >>> Model("loop", answer_s=0.0, switch_s=-1.0)
    Traceback (most recent call last):
    asyncweb.errors.LessonError: switch_s=-1.0: expected seconds, 0 or more
    """

    name: str
    answer_s: float
    switch_s: float = 0.0
    cores: int = 1  # that it can use at a time: one for a Python process with its GIL
    bounds: Bounds = field(default_factory=Bounds)
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        for name in ("answer_s", "switch_s"):
            if not 0 <= getattr(self, name) < math.inf:
                raise LessonError(f"{name}={getattr(self, name)!r}: expected seconds, 0 or more")
        if not (isinstance(self.cores, int) and self.cores >= 1):
            raise LessonError(f"cores={self.cores!r}: expected a whole number from 1")

    def cpu_s(self, *, waits: bool) -> float:
        """Seconds of a core that a request takes in all."""
        return self.answer_s + (self.switch_s if waits else 0.0)
