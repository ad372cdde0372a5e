"""A live view of servers that run, whoever loads them.

Rule: it looks from outside, a few times a second, and costs the servers one question each time.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from asyncweb.attach.target import KeepsFailures, SelfMeasured, Target
from asyncweb.dashboard.history import History
from asyncweb.dashboard.looking import Looking
from asyncweb.dashboard.panels import chosen
from asyncweb.dashboard.screen import KeyedScreen, Screen, open_screen
from asyncweb.errors import ServerError
from asyncweb.metrics.held import HeldUp
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.latencies import Latencies
from asyncweb.metrics.probes import ProcessProbe, ProcessUse, slope
from asyncweb.metrics.snapshot import Snapshot

EVERY_S = 0.25
ROUTES_SHOWN = 5
FAILURES_SHOWN = 3
LOADS_KEPT = 200  # different numbers of connections, for the memory that each takes


class Dashboard:
    """`with Dashboard(fast, slow): ...` shows both servers while the block runs.

    Memory, threads and CPU are told of servers in a process of their own; those of a server in
    this process would be the notebook's. Latency is what the server measured itself, when it
    has a Recorder as its observer. `show` names the panels, of those in `dashboard.panels`. In a
    terminal keys change the view, and q leaves the block; at a prompt of Python they stay yours.

    >>> from asyncweb import App, AsyncServer
    >>> from asyncweb.metrics.recorder import Recorder
    >>> class Last:  # the simplest screen; without one, the notebook's or the terminal's
    ...     def update(self, frame):
    ...         self.frame = frame
    ...     def close(self):
    ...         print(self.frame.title, [track.name for track in self.frame.tracks])
    >>> with AsyncServer(App(), name="fast", observer=Recorder()) as fast:
    ...     board = Dashboard(fast, title="one server", screen=Last()).start()
    ...     board.note = "we are here"
    ...     board.stop()
    one server ['fast']
    """

    def __init__(
        self,
        *servers: Target,
        title: str = "",
        show: Sequence[str] = (),
        screen: Screen | None = None,
    ):
        if not servers:
            raise ValueError("Dashboard() shows nothing: give it one server or more")
        self._watched = [_Watched(server) for server in servers]
        self._history = History(title or ", ".join(server.url for server in servers))
        self._history.show = chosen(show)
        names = _distinct_names(servers)
        for watched, name in zip(self._watched, names, strict=True):
            watched.name = name
            self._history.follow(name, watched.server.engine)
        self._given_screen = screen
        self._screen: Screen | None = None
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def note(self) -> str:
        """One line below the view."""
        return self._history.note

    @note.setter
    def note(self, text: str) -> None:
        self._history.note = text

    def start(self) -> Self:
        """Opens the view; call it from the cell that shall show it."""
        if self._thread is None:
            self._over.clear()
            self._screen = self._given_screen or open_screen()
            if isinstance(self._screen, KeyedScreen):
                self._screen.listen(self.mark)
            self._began = time.monotonic()
            self._looking = Looking(EVERY_S)
            self._cpu_s = 0.0
            self._thread = threading.Thread(
                target=self._look, name="asyncweb-dashboard", daemon=True
            )
            self._thread.start()
        return self

    def stop(self) -> None:
        """Shows the last moment and ends. Can be called twice."""
        thread, self._thread = self._thread, None
        if thread is None or self._screen is None:
            return
        self._over.set()
        thread.join()
        self._sample(self._cpu_s)
        self._screen.update(self._history.frame())
        self._screen.close()

    def mark(self, label: str) -> None:
        """Draws a line named `label` on the time axis, at the latest moment."""
        self._history.mark(label)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.stop()
        # Who quits by a key leaves the block; who presses Ctrl-C means the whole program.
        by_key = isinstance(self._screen, KeyedScreen) and self._screen.was_quit
        return kind is KeyboardInterrupt and by_key

    def _look(self) -> None:
        assert self._screen is not None
        while not self._over.wait(EVERY_S):
            self._sample(time.thread_time())
            self._screen.update(self._history.frame())

    def _sample(self, cpu_s: float) -> None:
        """Looks once, when the thread that looks and draws has used `cpu_s` seconds of CPU."""
        self._cpu_s = cpu_s
        at_s = time.monotonic() - self._began
        unanswered = 0
        for watched in self._watched:
            snapshot = watched.sample(at_s)
            if snapshot is not None:
                self._history.add(watched.name, snapshot)
            unanswered += watched.was_late
        self._history.at_s = at_s
        self._history.watch = self._looking.looked(at_s, cpu_s, unanswered)


class _Watched:
    """One server, and what is needed to tell what it did since the last look."""

    def __init__(self, server: Target):
        self.server = server
        self.name = server.name
        self.was_late = False  # when it was last looked at
        self._probe: ProcessProbe | None = None
        self._probed_pid = 0
        self._before = (0.0, 0)  # (moment in s, requests)
        self._held = HeldUp()
        self._latencies = Latencies()
        self._memory: dict[float, float] = {}  # the most bytes seen with so many connections
        self._failed = 0  # answers with a 5xx
        self._failures: tuple[str, ...] = ()  # and what the last ones were

    def sample(self, at_s: float) -> Snapshot | None:
        """The server now; None when it does not run, or was late to answer."""
        self.was_late = False
        try:
            stats = self.server.stats()
            use = self._use()
        except ServerError:
            return None
        except TimeoutError:
            self.was_late = True
            return None
        requests: int | None = stats["requests"]  # None: nobody can tell
        (then_s, then), self._before = self._before, (at_s, requests or 0)
        answered = max((requests or 0) - then, 0)
        is_known = requests is not None and at_s > then_s
        refused = _refusals(stats["statuses"])
        moment = Snapshot(
            at_s=at_s,
            requests=requests or 0,
            throughput_rps=answered / (at_s - then_s) if is_known else None,
            errors=refused | stats.get("errors", {}),
            connections=stats["connections"],
            in_flight=stats["in_flight"],
            **self._cost(use, stats["connections"]),
            loop_lag_s=stats.get("loop_lag_recent_s"),
            queued=stats.get("queued"),
            gc_pause_s=stats.get("gc_pause_recent_s"),
            block=self._held.look(stats.get("blocks", [])),
            routes=_slowest(stats.get("routes", {})),
            failures=self._last_failures(refused.get("5xx", 0)),
            heap=stats.get("heap", {}),
        )
        if "latency" not in stats:  # nobody has recorded any
            return moment
        so_far = Histogram.from_dict(stats["latency"])
        return replace(moment, **self._latencies.look(at_s, so_far))

    def _cost(self, use: ProcessUse | None, connections: int | None) -> dict[str, Any]:
        if use is None:
            return {}
        is_new = connections not in self._memory
        if connections is not None and not (is_new and len(self._memory) >= LOADS_KEPT):
            most = self._memory.get(connections, 0)
            self._memory[connections] = max(use.rss_bytes, most)
        return {
            "rss_bytes": use.rss_bytes,
            "uss_bytes": use.uss_bytes,
            "vms_bytes": use.vms_bytes,
            "bytes_per_connection": slope(list(self._memory.items())),
            "threads": use.threads,
            "cpu_percent": use.cpu_percent,
        }

    def _last_failures(self, failed: int) -> tuple[str, ...]:
        """What the last errors were; asked for only when there are more than before."""
        if failed != self._failed and isinstance(self.server, KeepsFailures):
            with contextlib.suppress(ServerError, TimeoutError):
                last = self.server.errors[-FAILURES_SHOWN:]
                self._failures = tuple(f"{failure.request}: {failure.error}" for failure in last)
                self._failed = failed
        return self._failures

    def _use(self) -> ProcessUse | None:
        if isinstance(self.server, SelfMeasured):
            return self.server.use()
        return self._probe_for(self.server.pid).sample() if self.server.in_own_process else None

    def _probe_for(self, pid: int) -> ProcessProbe:
        if self._probe is None or self._probed_pid != pid:
            self._probe, self._probed_pid = ProcessProbe(pid), pid
        return self._probe


def _slowest(routes: dict[str, dict[str, float | None]]) -> dict[str, float | None]:
    """The p99 of the slowest routes, the slowest first."""
    p99 = {route or "(no route)": told["p99"] for route, told in routes.items()}
    ordered = sorted(p99.items(), key=lambda item: -(item[1] or 0.0))
    return dict(ordered[:ROUTES_SHOWN])


def _refusals(statuses: dict[int, int]) -> dict[str, int]:
    kinds = {"4xx": range(400, 500), "5xx": range(500, 600)}
    counted = {
        kind: sum(number for status, number in statuses.items() if status in family)
        for kind, family in kinds.items()
    }
    return {kind: number for kind, number in counted.items() if number}


def _distinct_names(servers: tuple[Target, ...]) -> list[str]:
    names = [server.name for server in servers]
    return [
        name if names.count(name) == 1 else f"{name}:{server.port}"
        for name, server in zip(names, servers, strict=True)
    ]
