"""What a thread does with a client before the first request.

Rule: who may not stay is told why, over TLS as well, and nothing that it asks is answered.
"""

from __future__ import annotations

import contextvars
import socket
from collections.abc import Generator
from selectors import EVENT_WRITE
from typing import TYPE_CHECKING, Any

from asyncweb.coroutine import run_to_end
from asyncweb.servers.loopless import ADVICE
from asyncweb.servers.thread_tls import shake_hands

if TYPE_CHECKING:
    from asyncweb.servers.thread_client import Client
    from asyncweb.servers.threads import ThreadEngine


def welcome(engine: ThreadEngine, client: Client, sock: socket.socket) -> Generator[int, None, Any]:
    """The socket to talk over: `sock`, or one that encrypts. Yields what it waits for."""
    refusal = client.refusal
    if engine.tls is not None:
        sock = yield from shake_hands(sock, engine.tls, client.connection)
    if refusal is None and engine.app.greets:
        yield EVENT_WRITE  # the hook is for a thread of the pool, not for the one at the door
        context = contextvars.copy_context()
        refusal = context.run(run_to_end, engine.app.greet(client.address, engine), ADVICE)
    if refusal is not None:
        client.connection.turn_away(refusal)
    return sock
