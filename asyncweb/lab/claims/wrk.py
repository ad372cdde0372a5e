"""`wrk`, the load generator that the article names: ours is checked by it, and it by ours.

Rule: a run in which anything but right answers came is no measurement.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from asyncweb.errors import LoadError
from asyncweb.lab.claims.bench import Bench, NoFigure
from asyncweb.lab.claims.figures import Figure
from asyncweb.lab.claims.launched import pinned
from asyncweb.lab.claims.material import HELLO
from asyncweb.lab.claims.program import Program

WAY_OUT = "wrk is not installed; on Debian and Ubuntu: apt install wrk, on macOS: brew install wrk"
UNITS_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
TIME = r"([\d.]+)(us|ms|s|m)\b"
LATENCY = re.compile(rf"^\s+(50|90|99)%\s+{TIME}", re.MULTILINE)
MEAN = re.compile(rf"^\s+Latency\s+{TIME}", re.MULTILINE)
# A server that closes as it was asked to is no error; wrk counts some of those as reads.
FAILED = re.compile(r"Non-2xx.*|Socket errors: connect [1-9].*|timeout [1-9]\d*")


class LoadFailed(LoadError):
    """Answers were wrong, or there were none."""


@dataclass(frozen=True)
class Told:
    """What wrk says at its end; times in seconds.

    >>> Told.read('''
    ...     Latency     1.10ms  205.12us   5.93ms   85.00%
    ...      50%    1.00ms
    ...      90%    2.00ms
    ...      99%    3.00ms
    ...   9000 requests in 1.50s, 1.10MB read
    ... ''')
    Told(requests=9000, seconds=1.5, mean_s=0.0011, p50_s=0.001, p90_s=0.002, p99_s=0.003)
    """

    requests: int
    seconds: float
    mean_s: float
    p50_s: float
    p90_s: float
    p99_s: float

    @classmethod
    def read(cls, said: str) -> Self:
        """What those lines say. Raises LoadFailed when something went wrong."""
        counted = re.search(r"(\d+) requests in ([\d.]+)s", said)
        mean = MEAN.search(said)
        took = {percent: _seconds(*spelled) for percent, *spelled in LATENCY.findall(said)}
        if counted is None or mean is None or len(took) < 3 or counted[1] == "0":
            raise LoadFailed(f"wrk got no answers: {said.strip()}")
        if FAILED.search(said):
            raise LoadFailed(f"wrk got wrong answers: {said.strip()}")
        return cls(
            int(counted[1]), float(counted[2]), _seconds(mean[1], mean[2]),
            took["50"], took["90"], took["99"],
        )  # fmt: skip

    @property
    def latency_s(self) -> dict[str, float]:
        """The percentiles by their names, in seconds."""
        return {"p50": self.p50_s, "p90": self.p90_s, "p99": self.p99_s}


def is_here() -> bool:
    """Whether it is installed."""
    return shutil.which("wrk") is not None


def asked(
    url: str, connections: int, seconds: float, core: int | None, script: Sequence[str] = ()
) -> Told:
    """What it found when it asked `url`, on one thread. `script` is a file and its arguments.

    Raises LoadFailed.
    """
    by_script = [] if not script else ["-s", script[0]]
    command = [
        *pinned(core), "wrk", "--latency", "-t1", f"-c{connections}",
        f"-d{max(round(seconds), 1)}s", *by_script, url, *(["--", *script[1:]] if script else []),
    ]  # fmt: skip
    ended = subprocess.run(command, capture_output=True, text=True)
    return Told.read(ended.stdout + ended.stderr)


def second_generator(program: Program, bench: Bench, connections: int) -> Figure:
    """The constant answer, asked by wrk. Raises NoFigure where it is not installed."""
    if not is_here():
        raise NoFigure(WAY_OUT)
    before = _ended_children_cpu_s()
    told = asked(program.url(HELLO), connections, bench.protocol.loads.wrk_s, bench.cores.load)
    spent = _ended_children_cpu_s() - before
    return {
        "mean_us": 1e6 * told.mean_s,
        "p50_us": 1e6 * told.p50_s,
        "p99_us": 1e6 * told.p99_s,
        "requests_per_s": told.requests / told.seconds,
        "client_cpu": spent / told.seconds,
    }


def _ended_children_cpu_s() -> float:
    """CPU of all processes that this one has started and seen the end of."""
    so_far = os.times()
    return so_far.children_user + so_far.children_system


def _seconds(value: str, unit: str) -> float:
    return float(value) * UNITS_S[unit]
