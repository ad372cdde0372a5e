"""What a live view can look at: a server of ours, an observed app, a process, a URL.

Rule: it is asked a few times a second, and answers at once; what it does not know is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from asyncweb.metrics.probes import ProcessUse
from asyncweb.servers.observer import Failure


class Target(Protocol):
    """A server, or what stands for one."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def engine(self) -> str:
        """ "async", "threads", "process", or "url" for what may be on another machine."""

    @property
    def url(self) -> str:
        """Where to reach it."""

    @property
    def port(self) -> int:
        """Where it listens; tells two of one name apart."""

    @property
    def pid(self) -> int:
        """The process it runs in."""

    @property
    def in_own_process(self) -> bool:
        """Whether memory, threads and CPU of the process `pid` are its own."""

    def counts(self) -> dict[str, Any]:
        """What it counted, as an observer counts it. Raises ServerError when it does not run."""


@runtime_checkable
class SelfMeasured(Protocol):
    """A target that looks at its processes itself."""

    def use(self) -> ProcessUse | None:
        """What they use now; None when there is nothing to see."""


@runtime_checkable
class KeepsFailures(Protocol):
    """A target that knows what the last failures of its handlers were."""

    @property
    def errors(self) -> Sequence[Failure]:
        """The oldest first."""
