"""Faults under load: workers that are killed, stops, hunger for files and threads, no memory.

Rule: what a fault must not touch is counted apart from what it may; the first must be nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.load.faults.dying import killed_workers, stops
from tests.load.faults.raising import no_memory
from tests.load.faults.starving import no_files, no_threads

# A fault says what it saw, by name; under "complaints" what must not be.
Fault = Callable[[str], dict[str, Any]]
FAULTS: dict[str, tuple[Fault, tuple[str, ...]]] = {
    "killed workers": (killed_workers, ("async", "pool")),
    "stop": (stops, ("async", "pool")),
    "no files": (no_files, ("async", "pool", "threads")),
    "no threads": (no_threads, ("threads",)),
    "no memory": (no_memory, ("async", "pool")),
}


def suffer(name: str, tell: Callable[[str], None]) -> dict[str, Any]:
    """Lets each engine suffer it; everything they said, and all complaints."""
    fault, engines = FAULTS[name]
    told: dict[str, Any] = {"fault": name, "complaints": []}
    for engine in engines:
        began = time.monotonic()
        told[engine] = seen = fault(engine)
        told["complaints"] += [f"{engine}: {text}" for text in seen["complaints"]]
        tell(f"{name}, {engine}, {time.monotonic() - began:.0f} s: {seen}")
    return told
