"""What a system costs that nobody asks: when it has just started, and for each silent connection.

Rule: what one connection costs is a slope over several crowds, never one difference.
"""

from __future__ import annotations

import contextlib

from asyncweb.errors import LessonError
from asyncweb.lab.claims.bench import Bench
from asyncweb.lab.claims.figures import Figure
from asyncweb.lab.claims.program import Program
from asyncweb.lab.idlers import Idlers
from asyncweb.metrics.probes import slope

MB = 1e6
CONNECT_S = 3.0  # who is not answered within it is not let in


def start(program: Program, bench: Bench) -> Figure:
    """How long the first answer took, and what is used then."""
    return {
        "first_answer_ms": 1e3 * program.first_answer_s,
        "idle_uss_mb": program.uss_bytes() / MB,
        "idle_rss_mb": program.rss_bytes() / MB,
        "threads": program.threads(),
    }


def loaded(program: Program, bench: Bench) -> Figure:
    """Memory after the loads, and what each silent connection adds to it."""
    found = {"uss_mb": program.uss_bytes() / MB, "rss_mb": program.rss_bytes() / MB}
    points: list[tuple[float, float]] = []
    # Of a refusal nothing is told: the slope is that of those who were let in.
    with Idlers(program.seat, CONNECT_S) as crowd, contextlib.suppress(LessonError):
        for count in bench.protocol.crowds.idle:
            points.append((crowd.resize(count), program.uss_bytes()))
    each = slope(points)
    return found if each is None else {**found, "bytes_per_connection": each}
