"""A body made of another one's pieces.

Rule: what a piece becomes is decided here; how the pieces come, and who waits for them, is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

BLOCK_BYTES = 64 * 1024  # worked on at a time: others have their turn between two


class Derived:
    """A body whose pieces are made of those of another, its `source`, in whatever way they come."""

    def __init__(self, source: Any):
        self.source = source

    @property
    def heartbeat_s(self) -> float | None:
        """When its source is a stream of events, after how many seconds of silence it beats."""
        return getattr(self.source, "heartbeat_s", None)

    def made_of(self, piece: bytes | str) -> Iterator[bytes | str]:
        """What one piece of the source becomes."""
        yield piece

    def rest(self) -> bytes:
        """What follows the last piece."""
        return b""

    async def then(self) -> None:
        """Called when the body is out, is not wanted or cannot be sent."""
