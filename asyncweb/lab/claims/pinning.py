"""Which core a system of the trial runs on, and which one those who ask it.

Rule: who is measured and who measures share no core, where the machine has two and can be told.
"""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Cores:
    """Where the server runs, and where the load; None where that cannot be said."""

    server: int | None
    load: int | None

    def give_load(self, pid: int) -> None:
        """Moves a process that makes load, and all that it starts from then on, to its core."""
        if self.load is not None:
            psutil.Process(pid).cpu_affinity([self.load])

    def __str__(self) -> str:
        if self.server is None:
            return "server and load wherever the system puts them"
        return f"server on core {self.server}, load on core {self.load}"


def this_machine() -> Cores:
    """A core for each of the two, where there are two and a process can be told."""
    if not hasattr(psutil.Process, "cpu_affinity"):  # macOS has no such thing
        return Cores(None, None)
    cores = psutil.Process().cpu_affinity()
    return Cores(cores[0], cores[1]) if len(cores) > 1 else Cores(None, None)
