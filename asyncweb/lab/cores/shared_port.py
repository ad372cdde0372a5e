"""Two sockets that listen on one port (SO_REUSEPORT): the kernel deals out the clients.

Rule: nobody accepts before all clients have connected, so that the kernel alone decides.
"""

from __future__ import annotations

import contextlib
import socket

from asyncweb.servers.listener import listen, port_of
from asyncweb.servers.options import SocketOptions


def deal(clients: int, sockets: int = 2) -> list[int]:
    """How many of so many `clients` the kernel gave to each of `sockets` that share a port.

    Linux deals by a hash of the client's address; macOS gives all to one of them. Raises
    ServerError where a port cannot be shared, as on Windows.

    >>> sum(deal(10))
    10
    """
    options = SocketOptions(reuse_port=True)
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(listen("127.0.0.1", 0, options))]
        port = port_of(listeners[0])
        while len(listeners) < sockets:
            listeners.append(stack.enter_context(listen("127.0.0.1", port, options)))
        for _ in range(clients):
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        return [_accepted(listener) for listener in listeners]


def _accepted(listener: socket.socket) -> int:
    """How many wait at `listener`; they are let in and sent away."""
    listener.setblocking(False)
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count
