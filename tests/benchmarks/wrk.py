"""The load: `wrk`, which costs less than any server it asks; our own generator where it is missing.

Rule: a round in which anything but right answers came is no measurement.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.shapes import Shape

SCRIPT = Path(__file__).with_name("shape.lua")
UNITS_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
LATENCY = re.compile(r"^\s+(50|90|99)%\s+([\d.]+)(us|ms|s|m)$", re.MULTILINE)


class LoadFailed(Exception):
    """Answers were wrong, or there were none."""


@dataclass(frozen=True)
class Loaded:
    """What one round of load saw."""

    requests: int
    seconds: float
    p50_s: float
    p99_s: float


def pinned(core: int | None) -> list[str]:
    """What to put before a command that is to run on that core, where that can be said."""
    return [] if core is None or not shutil.which("taskset") else ["taskset", "-c", str(core)]


def load(port: int, shape: Shape, seconds: int, core: int | None) -> Loaded:
    """Asks the server at `port` for `seconds`; raises LoadFailed."""
    if shutil.which("wrk"):
        return _by_wrk(port, shape, seconds, core)
    return _by_our_own(port, shape, seconds)


def _by_wrk(port: int, shape: Shape, seconds: int, core: int | None) -> Loaded:
    closes = ["connection=close"] if shape.closes else []
    asked = [shape.method, shape.path, str(shape.body_bytes), str(shape.pipelined), *closes]
    command = [
        *pinned(core), "wrk", "--latency", "-t1", f"-c{shape.connections}", f"-d{seconds}s",
        "-s", str(SCRIPT), f"http://127.0.0.1:{port}", "--", *asked,
    ]  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    counted = re.search(r"(\d+) requests in ([\d.]+)s", told)
    # A server that closes as it was asked to is no error; wrk counts some of those as reads.
    failed = re.search(r"Non-2xx.*|Socket errors: connect [1-9].*|timeout [1-9]\d*", told)
    if counted is None or failed or counted[1] == "0":
        raise LoadFailed(told)
    took = _latency_s(told)
    return Loaded(int(counted[1]), float(counted[2]), took["p50"], took["p99"])


def latency_of(
    url: str, connections: int, seconds: float, core: int | None = None
) -> dict[str, float]:
    """What wrk says of `url`: p50, p90 and p99 in seconds."""
    duration, crowd = f"-d{max(round(seconds), 1)}s", f"-c{connections}"
    command = [*pinned(core), "wrk", "--latency", "-t1", crowd, duration, url]
    return _latency_s(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _latency_s(told: str) -> dict[str, float]:
    found = LATENCY.findall(told)
    return {f"p{percent}": float(value) * UNITS_S[unit] for percent, value, unit in found}


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
