"""One server of the benchmarks at work, asked in the shape that it is measured in."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from asyncweb.lab.claims.launched import Launched, NotRunning, free_port, pinned
from tests.benchmarks.servers import Entry
from tests.benchmarks.shapes import HELLO, Shape

ROOT = Path(__file__).parents[2]
# What is installed is compiled once, and so shall be what is run from here.
ENVIRONMENT = {name: value for name, value in os.environ.items() if "BYTECODE" not in name}
ANSWER_S = 10.0


class Running(Launched):
    """`with Running(entry, shape) as server:` it has given its first right answer then."""

    def __init__(self, entry: Entry, shape: Shape = HELLO, core: int | None = None):
        self.shape, self.port = shape, free_port()
        command = [*pinned(core), *entry.command(self.port, shape.name)]
        super().__init__(entry.name, command, ROOT, ENVIRONMENT)

    def ask_first(self) -> None:
        """Asks in the shape that it was started for."""
        self.ask(self.shape).close()

    def ask(self, shape: Shape, client: socket.socket | None = None) -> socket.socket:
        """Asks once, and checks the answer; the connection, which is kept unless it closes."""
        client = client or socket.create_connection(("127.0.0.1", self.port), ANSWER_S)
        fields = "".join(f"{name}: {value}\r\n" for name, value in shape.headers.items())
        head = f"{shape.method} {shape.path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{fields}\r\n"
        client.sendall(head.encode() + b"x" * shape.body_bytes)
        answered = b""
        while not answered.endswith(shape.answer):
            if not (piece := client.recv(256 * 1024)):
                raise ConnectionResetError(f"closed after {answered[:200]!r}")
            answered += piece
            if not b"HTTP/1.1 200 ".startswith(answered[:13]):
                raise NotRunning(f"{self.name} answers {answered[:300]!r} to {head!r}")
        return client
