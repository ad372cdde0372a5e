"""Handlers that raise MemoryError under load.

Rule: the one who asked is told 500, the error is kept, and nobody else notices.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.load.faults.scene import ask, crowd, of_good, serving

TIMES = 200


def no_memory(engine: str) -> dict[str, Any]:
    """A handler raises it, many times."""
    complaints: list[str] = []
    with serving(engine, complaints) as server, crowd(server, 500, 200) as good:
        told = Counter(ask(server.port, "/memory")[0] for _ in range(TIMES))
        tally = good.tell("leave")["fault"]
        kept = Counter(failure.error for failure in server.errors)
    complaints += of_good(tally, tally.lost)
    complaints += [] if set(told) == {500} else [f"told {dict(told)}"]
    complaints += [error for error in kept if not error.startswith("MemoryError")]
    return {
        "told": dict(told),
        "kept": dict(kept),
        "answered": tally.answered,
        "lost": len(tally.lost),
        "complaints": complaints,
    }
