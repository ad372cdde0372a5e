"""Long mixed load on each of our servers, and what becomes of their memory.

    python -m tests.benchmarks.soak [--seconds N] [--rate N] [--json FILE]

Each server runs in a process of its own, all at the same time, under an open loop of plain and
routed requests, JSON, uploads, long answers, handlers that wait and connections that close. Memory
is USS, looked at once a second. What it does after the first minute is judged by its slope in each
half of that time, see asyncweb.lab.trend: a server leaks when the second half grows by more than
its band, not markedly less than the first, and by more than one page in a thousand requests.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from asyncweb.lab.trend import LEAK, LEAK_BYTES, Judgement, Trend, judge, medians
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.ask import Ask
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.run import LoadProcess
from tests.benchmarks.running import Running
from tests.benchmarks.servers import SERVERS
from tests.benchmarks.shapes import UPLOAD_BYTES

SOAKED = ("asyncweb", "asyncweb threads", "asyncweb pool")
CONNECTIONS, LOOK_S, FIRST_S = 64, 1.0, 60.0
MIX = (
    Ask("/", weight=4),
    Ask("/?number={{n}}", weight=4),
    Ask("/users/{{random 1 1000000}}", weight=4),
    Ask("/task", weight=2),
    Ask("/json", weight=2),
    Ask("/upload", "POST", body=b"x" * UPLOAD_BYTES, weight=2),
    Ask("/large", weight=1),
    Ask("/wait", weight=1),
    Ask("/nowhere/{{n}}", weight=1),
    Ask("/", headers={"connection": "close"}, weight=1),
)


@dataclass(frozen=True)
class Found:
    """What became of one server."""

    server: str
    requests: int
    errors: dict[str, int]
    first_bytes: float  # the first and the last part after the first minute
    last_bytes: float
    halves: list[tuple[float, float]]  # the slope of each, and its band, in bytes an hour
    requests_per_h: float
    looks: list[tuple[float, float]]  # seconds, bytes

    @property
    def leaks(self) -> bool:
        """Whether memory grows with the requests."""
        first, second = (Trend(*half) for half in self.halves)
        return Judgement(first, second, LEAK_BYTES * self.requests_per_h).verdict == LEAK

    @property
    def fails(self) -> bool:
        """Whether something went wrong beside memory; 404 is what one of the mix asks for."""
        return any(kind != "4xx" for kind in self.errors)


def soak(seconds: float, rate_rps: float) -> list[Found]:
    """Runs all of them for so long."""
    first_s = min(FIRST_S, seconds / 3)
    with ExitStack() as leaving, ThreadPoolExecutor(len(SOAKED)) as hands:
        running = [leaving.enter_context(Running(SERVERS[name])) for name in SOAKED]
        under_way = [hands.submit(_load, one.port, seconds, rate_rps) for one in running]
        began, looks = time.monotonic(), [[] for _ in running]
        pause = threading.Event()
        while not all(one.done() for one in under_way):
            at_s = time.monotonic() - began
            for one, seen in zip(running, looks, strict=True):
                if first_s <= at_s < seconds:
                    seen.append((at_s, one.uss_bytes()))
            pause.wait(LOOK_S)
        results = [one.result() for one in under_way]
    return [_found(*one) for one in zip(SOAKED, results, looks, strict=True)]


def _load(port: int, seconds: float, rate_rps: float) -> Result:
    url = f"http://127.0.0.1:{port}"
    plan = Plan(url, CONNECTIONS, seconds, arrivals=constant(rate_rps, is_random=True), mix=MIX)
    with LoadProcess() as load:
        return load.run(plan)


def _found(server: str, result: Result, looks: list[tuple[float, float]]) -> Found:
    judged, middle = judge(looks), len(looks) // 2
    halves = [(3600 * half.slope, 3600 * half.band) for half in (judged.first, judged.second)]
    return Found(
        server, result.requests, dict(result.errors),
        medians(looks[:middle])[0][1], medians(looks[middle:])[-1][1], halves,
        result.requests / result.duration_s * 3600, looks,
    )  # fmt: skip


def table(found: list[Found]) -> Table:
    """A row for each server."""
    columns = ("server", "requests", "errors", "USS at first", "at last")
    made = Table(
        *columns, "slope of the first half", "of the second", "",
        title="memory under mixed load, after the first minute",
    )  # fmt: skip
    for one in found:
        slopes = [f"{grows / 1024:+,.0f} ± {band / 1024:,.0f} KiB/h" for grows, band in one.halves]
        made.add_row(
            one.server, f"{one.requests:,}", str(one.errors or ""),
            f"{one.first_bytes / 2**20:.1f} MiB", f"{one.last_bytes / 2**20:.1f} MiB", *slopes,
            "leaks" if one.leaks else "flat",
        )  # fmt: skip
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], prog="soak")
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--rate", type=float, default=300.0, help="requests a second, of each")
    parser.add_argument("--json", metavar="FILE", type=Path)
    options = parser.parse_args()
    found = soak(options.seconds, options.rate)
    Console(width=120).print(table(found))
    if options.json:
        told = [{**asdict(one), "leaks": one.leaks} for one in found]
        options.json.write_text(json.dumps(told, indent=2) + "\n")
    return 1 if any(one.leaks or one.fails for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
