"""The load: `wrk`, which costs less than any server it asks; our own generator where it is missing.

Rule: a round in which anything but right answers came is no measurement.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asyncweb.lab.claims import wrk
from asyncweb.lab.claims.wrk import LoadFailed
from tests.benchmarks.shapes import Shape

SCRIPT = Path(__file__).with_name("shape.lua")


@dataclass(frozen=True)
class Loaded:
    """What one round of load saw."""

    requests: int
    seconds: float
    p50_s: float
    p99_s: float


def load(port: int, shape: Shape, seconds: int, core: int | None) -> Loaded:
    """Asks the server at `port` for `seconds`; raises LoadFailed."""
    if wrk.is_here():
        return _by_wrk(port, shape, seconds, core)
    return _by_our_own(port, shape, seconds)


def _by_wrk(port: int, shape: Shape, seconds: int, core: int | None) -> Loaded:
    closes = ["connection=close"] if shape.closes else []
    asked = [shape.method, shape.path, str(shape.body_bytes), str(shape.pipelined), *closes]
    url = f"http://127.0.0.1:{port}"
    told = wrk.asked(url, shape.connections, seconds, core, [str(SCRIPT), *asked])
    return Loaded(told.requests, told.seconds, told.p50_s, told.p99_s)


def _by_our_own(port: int, shape: Shape, seconds: int) -> Loaded:
    from asyncweb.loadtest.plan import Plan
    from asyncweb.loadtest.run import LoadProcess

    plan = Plan(
        f"http://127.0.0.1:{port}{shape.path}",
        connections=shape.connections,
        duration_s=seconds,
        method=shape.method,
        body=b"x" * shape.body_bytes,
        keep_alive=not shape.closes,
        pipelined=shape.pipelined,
    )
    with LoadProcess() as generator:
        result = generator.run(plan)
    if result.errors:
        raise LoadFailed(str(result.errors))
    latency = result.latency
    p50_s, p99_s = latency.percentile(0.5), latency.percentile(0.99)
    return Loaded(result.requests + shape.connections, seconds, p50_s, p99_s)
