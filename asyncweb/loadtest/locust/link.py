"""A worker's line to a Locust master: messages of a kind and some data, over ZeroMQ.

Rule: nobody waits longer than he says. That the master is away is noticed by its silence only:
ZeroMQ keeps what is sent, and connects anew by itself.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from asyncweb.loadtest.locust.address import Address

LINGER_MS = 500  # for the last words, when the line is closed


@dataclass(frozen=True, slots=True)
class FromMaster:
    """What a master says: `FromMaster("stop", None)`."""

    kind: str
    data: Any


class Link:
    """`with Link(address) as link: link.send("client_ready", "2.47.0")`."""

    def __init__(self, address: Address):
        self._address = address
        self.name = f"{socket.gethostname()}_{uuid4().hex}"  # by which the master knows us
        self._socket = self._connected()

    def reconnect(self) -> None:
        """Hangs up and connects anew, under the same name."""
        self.close()
        self._socket = self._connected()

    def send(self, kind: str, data: Any = None) -> None:
        """Says `data` to the master, now or when it is there."""
        import msgpack

        self._socket.send(msgpack.packb((kind, data, self.name)))

    def receive(self, timeout_s: float) -> FromMaster | None:
        """What the master says within `timeout_s`; None if nothing, or nothing that makes sense."""
        import msgpack

        if not self._socket.poll(1000 * timeout_s):
            return None
        try:
            kind, data, _ = msgpack.unpackb(self._socket.recv(), strict_map_key=False)
        except ValueError:  # msgpack raises no other kind
            return None
        return FromMaster(kind, data)

    def close(self) -> None:
        """Hangs up; what was said last may still arrive."""
        self._socket.close(LINGER_MS)

    def _connected(self) -> Any:
        import zmq  # loaded by workers only

        opened = zmq.Context.instance().socket(zmq.DEALER)
        opened.setsockopt(zmq.IDENTITY, self.name.encode())
        opened.setsockopt(zmq.IPV6, int(":" in self._address.host))
        opened.connect(self._address.endpoint)
        return opened
