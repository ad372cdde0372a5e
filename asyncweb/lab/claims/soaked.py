"""What a load that never changes does to the memory of a system.

Rule: growth is judged by asyncweb.lab.trend, by requests and not by time; what that cannot see is
neither a leak nor level.
"""

from __future__ import annotations

from asyncweb.lab.claims.bench import Bench
from asyncweb.lab.claims.figures import Figure
from asyncweb.lab.claims.material import HELLO
from asyncweb.lab.claims.program import Program
from asyncweb.lab.trend import LEAK, LEVEL, judge
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress

LISTED_S = 1.0  # to list many processes more often would be a load of its own


def soaked(program: Program, bench: Bench) -> Figure:
    """The resident memory by the requests answered. Raises LessonError when it was too short."""
    soak = bench.protocol.soak
    rate = constant(soak.rate_rps)
    plan = Plan(program.url(HELLO), soak.connections, soak.seconds, arrivals=rate)
    points: list[tuple[float, float]] = []

    def look(progress: Progress) -> None:
        if progress.at_s > 0:
            points.append((progress.requests, program.rss_bytes(LISTED_S)))

    result = bench.ask(program, plan, look)
    judged = judge(points)
    return {
        "seconds": result.duration_s,
        "requests": result.requests,
        "errors": sum(result.errors.values()),
        "bytes_per_request": judged.second.slope,
        "band": judged.second.band,
        "grown_mb": (points[-1][1] - points[0][1]) / 1e6,
        "is_leak": int(judged.verdict == LEAK),
        "is_level": int(judged.verdict == LEVEL),
    }
