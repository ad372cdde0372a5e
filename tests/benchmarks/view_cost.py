"""What watching costs the server that is watched: its CPU for each request, and its p99.

The p99 is told twice: from the send, which is the server's doing, and from when a request was due,
which has the lateness of the load in it as well; who watches takes a core from that too.

    python -m tests.benchmarks.view_cost [--rounds N] [--seconds S] [--rate R]

Server, load and page run in processes of their own, at a constant rate. "nobody, again" is the same
as "nobody": what they differ by is noise. Rounds are interleaved, every other one in reverse order;
what is told is the median of the ratios to "nobody" in the same round.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import socket
import sys
import threading
import time
from collections.abc import Iterator
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table

from asyncweb import App, AsyncServer, Dashboard, ThreadServer
from asyncweb.dashboard.page.page import Page
from asyncweb.dashboard.standing_back import stand_back
from asyncweb.dashboard.terminal import TerminalScreen
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from asyncweb.metrics.recorder import Recorder
from asyncweb.servers.base import Server

VIEWERS, CONNECTIONS = 30, 64
NOBODY, AGAIN, DASHBOARD, PAGE = "nobody", "nobody, again", "a dashboard", f"{VIEWERS} on a page"
WATCHERS = (NOBODY, AGAIN, DASHBOARD, PAGE)
FIGURES = ("CPU, µs", "p99 from send, ms", "p99 from due, ms")
Figures = dict[str, list[tuple[float, ...]]]  # a figure of each kind for each round


def home(ctx):
    return "Hello"


@contextlib.contextmanager
def watched(server: Server, who: str) -> Iterator[None]:
    """Lets them look for the time of the block."""
    if who in (NOBODY, AGAIN):
        yield
        return
    over = threading.Event()
    terminal = Console(file=io.StringIO(), force_terminal=True, width=120, height=40)
    screen = TerminalScreen(terminal)
    page = Page() if who == PAGE else None
    with contextlib.closing(screen), Dashboard(server, screen=screen, page=page or False):
        for _ in range(VIEWERS if page else 0):
            threading.Thread(target=_drained, args=(page.port, over), daemon=True).start()
        try:
            yield
        finally:
            over.set()


def _drained(port: int, over: threading.Event) -> None:
    """Opens the page's events and reads them until it is `over`."""
    stand_back()  # viewers have machines of their own
    with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as viewer:
        viewer.sendall(b"GET /events HTTP/1.1\r\nHost: page\r\n\r\n")
        viewer.settimeout(0.5)
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                viewer.recv(65536)


def cpu_s(pid: int) -> float:
    """The processor time of that process, also of its threads that have ended."""
    if sys.platform == "linux":  # to the nanosecond, where psutil has ticks of 10 ms
        return time.clock_gettime((~pid << 3) | 2)  # what clock_getcpuclockid(3) gives for it
    return sum(psutil.Process(pid).cpu_times()[:2])


def measured(server: Server, load: LoadProcess, plan: Plan, who: str) -> tuple[float, ...]:
    """The FIGURES of one round; the CPU is that for each request."""
    with watched(server, who):
        before_s = cpu_s(server.pid)
        result = load.run(plan)
        used_s = cpu_s(server.pid) - before_s
    late_s = (result.service.percentile(0.99), result.latency.percentile(0.99))
    return 1e6 * used_s / result.requests, *(1e3 * seconds for seconds in late_s)


def all_measured(server: Server, rounds: int, seconds: float, rate_rps: float) -> Figures:
    """The figures of each round, by who watches."""
    found: Figures = {who: [] for who in WATCHERS}
    plan = Plan(server.url, CONNECTIONS, seconds, arrivals=constant(rate_rps))
    with LoadProcess() as load:
        load.run(plan)
        for number in range(rounds):
            for who in WATCHERS if number % 2 else reversed(WATCHERS):
                found[who].append(measured(server, load, plan, who))
    return found


def table(name: str, found: Figures) -> Table:
    """A row for each who watches, beside nobody."""
    headings = [part for figure in FIGURES for part in (figure, "of nobody's")]
    told = Table("watched by", *headings, title=name)
    for who, rounds in found.items():
        cells = [who]
        for place in range(len(FIGURES)):
            values = [figures[place] for figures in rounds]
            beside = [figures[place] for figures in found[NOBODY]]
            ratios = [one / other for one, other in zip(values, beside, strict=True)]
            cells += [f"{median(values):.2f}", f"{median(ratios):.3f}"]
        told.add_row(*cells)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], prog="view_cost")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=2000.0, help="requests a second")
    options = parser.parse_args()
    app = App()
    app.get("/")(home)
    for server in (AsyncServer(app, observer=Recorder()), ThreadServer(app, observer=Recorder())):
        with server.start(process=True):
            found = all_measured(server, options.rounds, options.seconds, options.rate)
        Console().print(table(server.engine, found))


if __name__ == "__main__":
    main()
