"""The clients of a thread server: who is here, and for how many there is room.

Rule: who is being told why it cannot stay is here as well, but takes the place of nobody who can.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from asyncweb.errors import ProtocolError
from asyncweb.http.limits import Limits
from asyncweb.servers.admission import TOLD_AT_ONCE, Admission
from asyncweb.servers.base import RECENT_S
from asyncweb.servers.thread_client import Client


class Clients:
    """Counts clients in and out. Every thread may call it.

    `room` is for how many the door can watch at once; some of it is for those who cannot stay.
    """

    def __init__(self, limits: Limits, room: int):
        told = min(TOLD_AT_ONCE, room // 8)
        places = min(limits.connections, room - told)
        self._admission = Admission(replace(limits, connections=places))
        self._most = places + told
        self._here: dict[Client, bool] = {}  # and whether admission counts them
        self._counting = threading.Lock()

    def __call__(self) -> tuple[Client, ...]:
        """Those who are connected now."""
        with self._counting:
            return tuple(self._here)

    def enter(self, client: Client) -> ProtocolError | None:
        """Counts a client in; says why it cannot stay, if it cannot."""
        refusal = self._admission.enter(client.address[0])
        with self._counting:
            self._here[client] = refusal is None
        return refusal

    @property
    def is_crowded(self) -> bool:
        """Whether so many are here that nobody can be told why it cannot stay."""
        return len(self._here) > self._most

    def drain(self, end: float) -> None:
        """Returns when all have been answered and are gone, or at `end` by time.monotonic."""
        for client in self():
            client.connection.draining = True
        while (clients := self()) and time.monotonic() < end:
            for client in clients:
                client.leave_if_idle(RECENT_S)
            time.sleep(0.005)

    @property
    def threads(self) -> list[threading.Thread]:
        """Those of clients that have one of their own."""
        return [client.thread for client in self() if client.thread is not None]

    def leave(self, client: Client) -> None:
        """Counts a client out."""
        with self._counting:
            is_counted = self._here.pop(client, False)
        if is_counted:
            self._admission.leave(client.address[0])
