"""A process and all it has started, measured as one.

Rule: what the system does not show of a process is None, and said; it is never guessed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import psutil

from asyncweb.errors import ServerError
from asyncweb.metrics.probes import ProcessProbe, ProcessUse


class Family:
    """The process `pid` and its children, and theirs.

    Raises ServerError when there is no such process, or the system shows nothing of it.
    """

    def __init__(self, pid: int):
        try:
            self._process = psutil.Process(pid)
        except (psutil.NoSuchProcess, OverflowError, ValueError):
            raise ServerError(
                f"there is no process {pid}; `ps aux` lists those there are, and a server's can be "
                "found by its URL: asyncweb top http://127.0.0.1:8000"
            ) from None
        self.pid = pid
        self._probes = {pid: ProcessProbe(pid)}
        self._uses: dict[int, ProcessUse] = {}
        if self.use() is None:
            raise ServerError(f"process {pid}{self.owner()} shows nothing of itself to you")

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs; its children may survive it."""
        try:
            return self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def parent_pid(self) -> int:
        """Who has started the process; 0 when nobody did, or it has ended."""
        with contextlib.suppress(psutil.Error):
            return self._process.ppid() or 0
        return 0

    def child_pids(self) -> list[int]:
        """Those it has started itself."""
        with contextlib.suppress(psutil.Error):
            return [child.pid for child in self._process.children()]
        return []

    def pids(self) -> list[int]:
        """The process, those it has started, and theirs."""
        with contextlib.suppress(psutil.Error):
            return [self.pid, *(child.pid for child in self._process.children(recursive=True))]
        return [self.pid]

    def use(self) -> ProcessUse | None:
        """What all of them use now; None when the process has ended.

        Memory that several share is counted once in `uss_bytes`, in none of them, and several times
        in `rss_bytes`.
        """
        if not self.is_alive:
            return None
        pids = self.pids()
        probes = {pid: self._probes.get(pid) or ProcessProbe(pid) for pid in pids}
        self._probes = probes
        uses = {pid: probe.sample() for pid, probe in probes.items()}
        self._uses = {pid: use for pid, use in uses.items() if use is not None}
        return _together(self._uses.values()) if self.pid in self._uses else None

    def each(self) -> dict[int, ProcessUse]:
        """What each of them used when `use` was last asked, by pid."""
        return self._uses

    def command(self) -> str:
        """How the process was called, in short: "python -m uvicorn main:app"."""
        with contextlib.suppress(psutil.Error):
            words = self._process.cmdline() or [self._process.name()]
            return " ".join([words[0].replace("\\", "/").rpartition("/")[2], *words[1:]])
        return ""

    def owner(self) -> str:
        """ " of root" for a process of somebody else; empty for one of ours."""
        with contextlib.suppress(psutil.Error):
            name = self._process.username()
            return f" of {name}" if name != psutil.Process().username() else ""
        return ""

    def connections(self) -> int | None:
        """How many clients hold a connection to a port that one of them listens at.

        None when the system does not show it.
        """
        found: set[tuple[object, object]] = set()
        ports: set[int] = set()
        for pid in self.pids():
            try:
                sockets = psutil.Process(pid).net_connections("tcp")
            except psutil.NoSuchProcess:
                continue
            except psutil.Error:
                return None
            ports |= {one.laddr.port for one in sockets if one.status == psutil.CONN_LISTEN}
            found |= {
                (one.laddr.port, one.raddr)
                for one in sockets
                if one.status == psutil.CONN_ESTABLISHED
            }
        return sum(port in ports for port, _ in found)


def _together(uses: Iterable[ProcessUse]) -> ProcessUse:
    uses = tuple(uses)
    uss = [use.uss_bytes for use in uses if use.uss_bytes is not None]
    percents = [use.cpu_percent for use in uses if use.cpu_percent is not None]
    return ProcessUse(
        rss_bytes=sum(use.rss_bytes for use in uses),
        uss_bytes=sum(uss) if len(uss) == len(uses) else None,
        threads=sum(use.threads for use in uses),
        cpu_percent=sum(percents) if percents else None,
        cpu_seconds=sum(use.cpu_seconds for use in uses),
        vms_bytes=sum(use.vms_bytes for use in uses),
    )
