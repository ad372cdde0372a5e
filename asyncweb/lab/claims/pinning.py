"""Which core a system of the trial runs on, and which one those who ask it.

Rule: who is measured and who measures share no core, where the machine has two and can be told.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

TOPOLOGY = Path("/sys/devices/system/cpu")


@dataclass(frozen=True)
class Cores:
    """Where the server runs, and where the load; None where that cannot be said."""

    server: int | None
    load: int | None
    are_one: bool = False  # two threads of one core, where there is no other

    def give_load(self, pid: int) -> None:
        """Moves a process that makes load, and all that it starts from then on, to its core."""
        if self.load is not None:
            psutil.Process(pid).cpu_affinity([self.load])

    def __str__(self) -> str:
        if self.server is None:
            return "server and load wherever the system puts them"
        one = ", which are two threads of one core" if self.are_one else ""
        return f"server on core {self.server}, load on core {self.load}{one}"


def this_machine() -> Cores:
    """A core for each of the two, where there are two and a process can be told."""
    # macOS has no such thing; and a server is to be there from its first instruction on.
    if not hasattr(psutil.Process, "cpu_affinity") or not shutil.which("taskset"):
        return Cores(None, None)
    cores = psutil.Process().cpu_affinity()
    return chosen(cores) if len(cores) > 1 else Cores(None, None)


def chosen(cores: Sequence[int], topology: Path = TOPOLOGY) -> Cores:
    """The first of `cores` for the server, and for the load the next that is another core."""
    server, *others = cores
    siblings = _siblings(server, topology)
    apart = [core for core in others if core not in siblings]
    return Cores(server, apart[0]) if apart else Cores(server, others[0], are_one=True)


def _siblings(core: int, topology: Path) -> set[int]:
    """All threads of that core, as Linux numbers them; none where nobody says."""
    try:
        told = (topology / f"cpu{core}/topology/thread_siblings_list").read_text().strip()
    except OSError:
        return set()
    spans = (span.partition("-") for span in told.split(","))
    return {one for low, _, high in spans for one in range(int(low), int(high or low) + 1)}
