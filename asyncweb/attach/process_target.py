"""A process that runs already, as the live view looks at it.

Rule: it is shown as far as it can be: the machine's figures of any process, and those of its
server where it lets us ask.
"""

from __future__ import annotations

import time
from typing import Any

from asyncweb.attach.asking import PATIENCE_S, ask
from asyncweb.attach.family import Family
from asyncweb.errors import ServerError
from asyncweb.metrics.probes import ProcessUse
from asyncweb.servers.total import total

LOOK_PATIENCE_S = 2.0  # so long one that hangs holds up a view, and all else that is seen in it
COUNT_EVERY_S = 1.0  # the connections: the kernel lists all files of the process for it
NOTHING: dict[str, Any] = {
    "requests": None, "statuses": {}, "connections": None, "in_flight": None
}  # fmt: skip


class ProcessTarget:
    """The process `pid`, with its children. Raises ServerError when there is nothing to see."""

    port = 0
    in_own_process = False  # its use is asked of it, see `use`

    def __init__(self, pid: int):
        self.family = Family(pid)
        self.pid = pid
        self.has_door = False
        self._silence = ""  # why it does not tell what it could
        self._patience_s = PATIENCE_S
        told = self._told()
        self._patience_s = LOOK_PATIENCE_S
        self.name = f"{told.get('name') or 'process'} {pid}"
        self.engine: str = told.get("engine", "process")
        self.url: str = told.get("url") or self.family.command() or f"process {pid}"
        self._connections: int | None = None
        self._count_due_s = 0.0

    @property
    def is_alive(self) -> bool:
        """Whether there is still something to look at."""
        return self.family.is_alive

    def counts(self) -> dict[str, Any]:
        """What its server tells; of a process without a door what the system knows.

        Raises ServerError when it has ended, or has told before and does not answer now.
        """
        if not self.is_alive:
            raise ServerError(f"process {self.pid} has ended")
        counts: dict[str, Any] = {**NOTHING, **self._told()}
        if self._silence and self.has_door:
            raise ServerError(self._silence)  # what was seen of it last is to stay
        if counts["connections"] is None:
            counts["connections"] = self.connections()
        return counts

    def connections(self) -> int | None:
        """How many the system counts, once a second; None where it does not say."""
        now = time.monotonic()
        if now >= self._count_due_s:
            self._count_due_s = now + COUNT_EVERY_S
            self._connections = self.family.connections()
        return self._connections

    def use(self) -> ProcessUse | None:
        """Memory, threads and CPU of the process and its children; None when it has ended."""
        return self.family.use()

    def note(self) -> str:
        """What is not in the figures: what could not be seen, and the children one by one."""
        if self._silence:
            return self._silence
        if not self.has_door:
            whose = self.family.owner()
            why = f"is a process{whose}" if whose else "is no `asyncweb serve`, and not observed"
            return f"{self.pid} {why}: its requests and its loop cannot be seen"
        workers = [
            f"{pid} {use.cpu_percent or 0:.0f} %"
            for pid, use in sorted(self.family.each().items())
            if pid != self.pid
        ]
        return f"children of {self.pid}: {', '.join(workers)} CPU" if workers else ""

    def _told(self) -> dict[str, Any]:
        """What it tells; else its children, if they serve together; else its parent of it.

        Nothing when none of them has a door, or who has one does not answer.
        """
        try:
            told = self._ask(self.pid) or self._told_by_children() or self._told_by_parent()
        except ServerError as error:
            self._silence = str(error)
            return {}
        self._silence, self.has_door = "", told is not None
        return told or {}

    def _ask(self, pid: int) -> dict[str, Any] | None:
        return ask(pid, self._patience_s)

    def _told_by_children(self) -> dict[str, Any] | None:
        asked = map(self._ask, self.family.child_pids())
        children = [told for told in asked if told is not None]
        urls = {told["url"] for told in children if told["url"]}  # "": not asked for anything yet
        if not children or len(urls) > 1:
            return None  # servers that have no more in common than who started them
        url = urls.pop() if urls else ""
        return {**children[0], **total(children), "url": url, "connections": None}

    def _told_by_parent(self) -> dict[str, Any] | None:
        parent = self._ask(self.family.parent_pid()) or {}
        own = parent.get("each", {}).get(self.pid)
        if not own:
            return None
        return {**own, "name": "worker", "engine": parent["engine"], "url": parent["url"]}
