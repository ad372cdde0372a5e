"""A system of the trial at work, asked its three questions, and checked for the right answers."""

from __future__ import annotations

import os
import re
import socket
import sys
from pathlib import Path

from asyncweb.lab.claims.launched import Launched, NotRunning, pinned
from asyncweb.lab.claims.material import BODIES, HELLO
from asyncweb.lab.claims.peers.peer import Peer, Seat

ANSWER_S = 10.0


class Program(Launched):
    """`with Program(peer, built, seat) as program:` it has answered its first question then."""

    def __init__(self, peer: Peer, built: Path | None, seat: Seat, core: int | None = None):
        command = [*pinned(core), *peer.command(built, seat)]
        own = peer.environment(built, seat)
        environment = {**os.environ, **_ours(), **seat.variables, **own}
        super().__init__(peer.name, command, seat.folder, environment)
        self.seat, self.blocks = seat, peer.blocks

    def ask_first(self) -> None:
        """Asks for the constant answer."""
        self.ask().close()

    def url(self, path: str = HELLO) -> str:
        """Where it answers `path`."""
        return f"http://{self.seat.host}:{self.seat.port}{path}"

    def ask(self, path: str = HELLO, client: socket.socket | None = None) -> socket.socket:
        """Asks once, and checks the answer; the connection, which the caller closes.

        Raises NotRunning for another answer, ConnectionError when there is none.
        """
        client = client or socket.create_connection((self.seat.host, self.seat.port), ANSWER_S)
        try:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.seat.host}\r\n\r\n".encode())
            received = b""
            while not received.endswith(BODIES[path]):
                if not (piece := client.recv(256 * 1024)):
                    raise ConnectionResetError(f"closed after {received[:200]!r}")
                received += piece
                if not b"HTTP/1.1 200".startswith(received[:12]) or _is_another(received, path):
                    raise NotRunning(f"{self.name} answers {received[:300]!r} to {path}")
        except BaseException:
            client.close()
            raise
        return client


def _is_another(received: bytes, path: str) -> bool:
    """Whether an answer that says its length is whole, and not the one to `path`."""
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return length is not None and len(body) >= int(length[1]) and body != BODIES[path]


def _ours() -> dict[str, str]:
    """A program in Python shall find this very asyncweb, also when it was never installed."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
