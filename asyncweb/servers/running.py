"""A server that has started, as the Server that started it sees it.

Rule: it may be in this process, in another one, or in several; who asks it does not mind.
"""

from __future__ import annotations

from typing import Any, Protocol

from asyncweb.servers.observer import Failure


class Running(Protocol):
    """A started server, wherever it runs."""

    port: int
    pid: int

    @property
    def alive(self) -> bool:
        """Whether its process lives; nothing else dies by itself."""

    def stop(self, drain_s: float) -> None:
        """Ends it; requests already accepted get `drain_s` seconds to be answered."""

    def counts(self) -> dict[str, Any]:
        """What its observer counted, for that to `tell`."""

    def errors(self) -> list[Failure]:
        """The last failures of handlers and hooks, the oldest first."""
