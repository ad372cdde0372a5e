"""How the event-loop server comes to its end.

Rule: nothing of the app is cut off while there is time, or cancelled twice; and what was cancelled
may clean up before the shutdown hooks run, which close what it uses.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Set
from typing import Any

from asyncweb.servers.aio_peer import Peer
from asyncweb.servers.base import RECENT_S

LOOK_S = 0.01
CLEAN_UP_S = 1.0  # for what was cancelled


def mark_draining(clients: Set[Peer]) -> None:
    """Lets the next answer of each be its last."""
    for client in tuple(clients):
        client.connection.draining = True


async def drain(clients: Set[Peer], background: Set[asyncio.Task[Any]], drain_s: float) -> None:
    """Returns when every request is answered and done with, or the time for that is over.

    Both sets are the engine's own, and empty themselves. What is left after `drain_s` seconds is
    cut off or cancelled, and has CLEAN_UP_S more for its own end.
    """
    end = time.monotonic() + drain_s
    mark_draining(clients)  # who has come in meanwhile
    while (clients or background) and time.monotonic() < end:
        for client in tuple(clients):
            client.leave_if_idle(time.monotonic(), RECENT_S)
        await asyncio.sleep(LOOK_S)
    for task in background:
        if not task.cancelling():  # else its client has left, and it cleans up already
            task.cancel()
    for client in tuple(clients):
        client.abort()
    while clients:
        await asyncio.sleep(0)
    if background:
        await asyncio.wait(background, timeout=CLEAN_UP_S)
