"""Ten thousand connections from one process of ours: opened, and all of them driven.

    python -m tests.benchmarks.load_connections [--json FILE] [--rounds N] [--seconds S]

Rule: the server, in a process of its own, answers each after 0.1 s, so that all connections ask
in turn and none is starved by a few. Memory is that of the load's process (RSS), before it had a
connection and while it had all of them. Each round has processes of its own.
"""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass, field

import psutil
from rich.console import Console
from rich.table import Table

from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.run import LoadProcess
from tests.benchmarks.own_load import a_load_on, keep, options, spelled
from tests.benchmarks.servers import HERE, PYTHON, Entry
from tests.benchmarks.shapes import HELLO

WANTED, SPARE_FILES = 10_000, 100
WAIT_S, TIMEOUT_S = 0.1, 30.0
WAITING = Entry(
    "limit, waiting",
    lambda port, shape: [
        PYTHON, str(HERE / "limit.py"), str(port), HELLO.answer.decode(), str(WAIT_S),
    ],
)  # fmt: skip
FIGURES = {  # of a turn: what it is called, and its digits
    "connected": ("connected at a time", 0),
    "requests": ("whole answers", 0),
    "errors": ("errors", 0),
    "gathering_s": ("until all were connected and answered once, s", 2),
    "connect_p50_ms": ("to connect, p50, ms", 1),
    "connect_p99_ms": ("to connect, p99, ms", 1),
    "rss_mb": ("memory in all, MB", 1),
    "bytes_per_connection": ("memory of each connection, bytes", 0),
    "client_cpu": ("own CPU, cores", 2),
}


@dataclass
class Watch:
    """What is seen of a load while it runs."""

    process: psutil.Process
    rss_bytes: int = 0
    connected: int = 0
    gathering_s: float = 0.0
    began: float = field(default_factory=time.perf_counter)

    def __call__(self, progress: Progress) -> None:
        """Looks again."""
        self.connected = max(self.connected, progress.connected)
        self.rss_bytes = max(self.rss_bytes, self.process.memory_info().rss)
        if progress.at_s and not self.gathering_s:
            self.gathering_s = time.perf_counter() - self.began - progress.at_s


def main() -> None:
    said = options("load_connections", __doc__ or "", rounds=3, seconds=5.0)
    count = possible(WANTED)
    turns = []
    for _ in range(said.rounds):
        with a_load_on(HELLO, WAITING) as (load, url):
            turns.append(one_turn(load, url, count, said.seconds))
    Console().print(table(count, turns))
    keep(said.json, turns)


def possible(count: int) -> int:
    """So many connections, or as many as one process may open here."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the processes to come inherit it
    return count if most == resource.RLIM_INFINITY else min(count, most - SPARE_FILES)


def one_turn(load: LoadProcess, url: str, count: int, seconds: float) -> dict[str, float]:
    """What came of `count` connections."""
    load.run(Plan(url, 1, requests=1))  # whatever is loaded at the first use is loaded now
    watch = Watch(psutil.Process(load.pid))
    before_bytes = watch.process.memory_info().rss
    result = load.run(Plan(url, count, seconds, timeout_s=TIMEOUT_S), watch)
    return {
        "connected": watch.connected,
        "requests": result.requests,
        "errors": sum(result.errors.values()),
        "gathering_s": watch.gathering_s,
        "connect_p50_ms": 1e3 * result.connects.percentile(0.5),
        "connect_p99_ms": 1e3 * result.connects.percentile(0.99),
        "rss_mb": watch.rss_bytes / 1e6,
        "bytes_per_connection": (watch.rss_bytes - before_bytes) / count,
        "client_cpu": result.client_cpu,
    }


def table(count: int, turns: list[dict[str, float]]) -> Table:
    """The medians and their range."""
    shown = Table("what", title=f"{count:,} connections from one process", title_justify="left")
    shown.add_column("median (range)", justify="right")
    for name, (called, digits) in FIGURES.items():
        shown.add_row(called, spelled([turn[name] for turn in turns], digits))
    return shown


if __name__ == "__main__":
    main()
