"""A live view of servers that run, whoever loads them.

Rule: it looks from outside, a few times a second, and costs the servers one question each time.
"""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from asyncweb.dashboard.history import History
from asyncweb.dashboard.recorded import RecordedScreen
from asyncweb.dashboard.recording import Recording
from asyncweb.dashboard.replay import replay
from asyncweb.dashboard.screen import Screen, open_screen
from asyncweb.errors import ServerError
from asyncweb.metrics.probes import ProcessProbe
from asyncweb.metrics.snapshot import Snapshot
from asyncweb.servers.base import Server
from asyncweb.servers.blocking import Block

EVERY_S = 0.25


class Dashboard:
    """`with Dashboard(fast, slow): ...` shows both servers while the block runs.

    Memory, threads and CPU are told of servers in a process of their own; those of a server in
    this process would be the notebook's. Latency is what the server measured itself, when it
    has a Recorder as its observer. `record` names a file to which all that is shown is written.

    >>> from asyncweb import App, AsyncServer
    >>> from asyncweb.metrics.recorder import Recorder
    >>> class Last:  # the simplest screen; without one, the notebook's or the terminal's
    ...     def update(self, frame):
    ...         self.frame = frame
    ...     def close(self):
    ...         print(self.frame.title, [track.name for track in self.frame.tracks])
    >>> with AsyncServer(App(), name="fast", observer=Recorder()) as fast:
    ...     board = Dashboard(fast, title="one server", screen=Last()).start()
    ...     board.stop()
    one server ['fast']
    """

    def __init__(
        self,
        *servers: Server,
        title: str = "",
        screen: Screen | None = None,
        record: str | Path | None = None,
    ):
        if not servers:
            raise ValueError("Dashboard() shows nothing: give it one server or more")
        self._watched = [_Watched(server) for server in servers]
        self._history = History(title or ", ".join(server.url for server in servers))
        names = _distinct_names(servers)
        for watched, name in zip(self._watched, names, strict=True):
            watched.name = name
            self._history.follow(name, watched.server.engine)
        self._given_screen = screen
        self._record = record
        self._screen: Screen | None = None
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Opens the view; call it from the cell that shall show it."""
        if self._thread is None:
            self._over.clear()
            self._screen = self._given_screen or open_screen()
            if self._record is not None:
                self._screen = RecordedScreen(self._screen, self._record)
            self._began = time.monotonic()
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
        self._sample()
        self._screen.update(self._history.frame())
        self._screen.close()

    @staticmethod
    def replay(file: str | Path, *, speed: float = 1.0, screen: Screen | None = None) -> None:
        """Shows a recording again, `speed` times as fast, without any server.

        `file` is one that `record` made, or "demo", which comes with the package. Ctrl-C ends it.
        Raises RecordingError for a file that is none.

        >>> from asyncweb.dashboard.screen import NoScreen
        >>> Dashboard.replay("demo", speed=float("inf"), screen=NoScreen())
        """
        recording = Recording(file)
        with contextlib.suppress(KeyboardInterrupt):
            replay(recording, screen or open_screen(), speed)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _look(self) -> None:
        assert self._screen is not None
        while not self._over.wait(EVERY_S):
            self._sample()
            self._screen.update(self._history.frame())

    def _sample(self) -> None:
        at_s = time.monotonic() - self._began
        for watched in self._watched:
            snapshot = watched.sample(at_s)
            if snapshot is not None:
                self._history.add(watched.name, snapshot)


class _Watched:
    """One server, and what is needed to tell what it did since the last look."""

    def __init__(self, server: Server):
        self.server = server
        self.name = server.name
        self._probe: ProcessProbe | None = None
        self._probed_pid = 0
        self._before = (0.0, 0)  # (moment in s, requests)
        self._block: dict[str, Any] | None = None  # the last one that was seen

    def sample(self, at_s: float) -> Snapshot | None:
        """The server now; None when it does not run."""
        try:
            stats = self.server.stats()
            use = self._probe_for(self.server.pid).sample() if self.server.in_own_process else None
        except (ServerError, TimeoutError):
            return None
        requests: int = stats["requests"]
        (then_s, then), self._before = self._before, (at_s, requests)
        answered = max(requests - then, 0)
        return Snapshot(
            at_s=at_s,
            requests=requests,
            throughput_rps=answered / (at_s - then_s) if at_s > then_s else None,
            latency_s=_slowest(stats.get("routes", {})),
            errors=_refusals(stats["statuses"]),
            connections=stats["connections"],
            in_flight=stats["in_flight"],
            rss_bytes=use.rss_bytes if use else None,
            uss_bytes=use.uss_bytes if use else None,
            threads=use.threads if use else None,
            cpu_percent=use.cpu_percent if use else None,
            loop_lag_s=stats.get("loop_lag_recent_s"),
            queued=stats.get("queued"),
            gc_pause_s=stats.get("gc_pause_recent_s"),
            block=self._latest_block(stats.get("blocks", [])),
        )

    def _latest_block(self, blocks: list[dict[str, Any]]) -> str:
        """What has held up the loop since the last look, or does so still."""
        before, self._block = self._block, blocks[-1] if blocks else None
        return "" if self._block in (None, before) else str(Block(**self._block))

    def _probe_for(self, pid: int) -> ProcessProbe:
        if self._probe is None or self._probed_pid != pid:
            self._probe, self._probed_pid = ProcessProbe(pid), pid
        return self._probe


def _slowest(routes: dict[str, dict[str, float | None]]) -> dict[str, float | None]:
    """The percentiles of the route that is asked for most."""
    if not routes:
        return {}
    busiest = max(routes.values(), key=lambda route: route["count"] or 0)
    return {name: busiest[name] for name in ("p50", "p90", "p99", "max")}


def _refusals(statuses: dict[int, int]) -> dict[str, int]:
    kinds = {"4xx": range(400, 500), "5xx": range(500, 600)}
    counted = {
        kind: sum(number for status, number in statuses.items() if status in family)
        for kind, family in kinds.items()
    }
    return {kind: number for kind, number in counted.items() if number}


def _distinct_names(servers: tuple[Server, ...]) -> list[str]:
    names = [server.name for server in servers]
    return [
        name if names.count(name) == 1 else f"{name}:{server.port}"
        for name, server in zip(names, servers, strict=True)
    ]
