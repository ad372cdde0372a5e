"""A body that its handler takes piece by piece, while it arrives.

Rule: the parser puts in, the handler takes out. Who waits in between, and how, is the engine's
business.
"""

from __future__ import annotations

from copy import copy

from asyncweb.errors import ProtocolError
from asyncweb.http.body import Gathered


class IncomingBody:
    """What of the body has come and is not taken yet, and whether that is all."""

    __slots__ = ("_fault", "_waiting", "ended", "received_bytes", "wanted")

    def __init__(self) -> None:
        self._waiting = Gathered()  # received and not taken yet
        self._fault: ProtocolError | None = None
        self.received_bytes = 0
        self.ended = False  # whole, or broken off: nothing more will be put in
        self.wanted = False  # the handler waits for more

    def put(self, piece: bytes) -> None:
        """Adds what has arrived."""
        self._waiting.put(piece)
        self.received_bytes += len(piece)

    def end(self, fault: ProtocolError | None = None) -> None:
        """Nothing more will come: the body is whole, or `fault` says why it never will be."""
        self.ended, self._fault = True, fault

    @property
    def waiting_bytes(self) -> int:
        """How many have arrived that the handler has not taken."""
        return self._waiting.size

    @property
    def broken(self) -> bool:
        """Whether the rest of it will never come."""
        return self._fault is not None

    def take(self) -> bytes | None:
        """What has arrived; b"" at the end; None when something is still to come.

        Raises the ProtocolError that says why the rest will never come.
        """
        if self._waiting.size:
            return self._waiting.take()
        if self._fault is not None:
            raise copy(self._fault)  # its traceback would keep this body, which would keep it
        return b"" if self.ended else None
