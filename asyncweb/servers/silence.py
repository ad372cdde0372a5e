"""How long a client has been sent nothing of a stream whose source is silent.

Rule: whoever looks now and then brings the clock; what he sees is at most one look late.
"""

from __future__ import annotations

from typing import Any


class Silence:
    """Notices when a count of what was sent has not grown for `heartbeat_s`."""

    __slots__ = ("_heartbeat_s", "_seen", "_since")

    def __init__(self, heartbeat_s: float):
        self._heartbeat_s = heartbeat_s
        self._seen = -1
        self._since = 0.0

    def is_long(self, sent: int, now: float) -> bool:
        """Whether `sent` is what it was `heartbeat_s` ago; then a new silence begins."""
        if sent == self._seen and now - self._since < self._heartbeat_s:
            return False
        was_seen, self._seen, self._since = sent == self._seen, sent, now
        return was_seen

    def broken(self, sent: int) -> None:
        """A sign of life was sent, and has made the count `sent`: the source is as silent."""
        self._seen = sent


def silence_of(body: Any, wanted: bool) -> Silence | None:
    """A silence to watch, if the giver of that body asks for it and the body is `wanted`."""
    heartbeat_s: float | None = getattr(body, "heartbeat_s", None)
    return Silence(heartbeat_s) if heartbeat_s is not None and wanted else None
