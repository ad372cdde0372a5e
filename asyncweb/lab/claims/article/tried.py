"""One of the article's handlers, asked once, as a notebook asks it.

Rule: what is told is what came; where the framework has not been built, it says so.
"""

from __future__ import annotations

import contextlib
import socket
import tempfile
from pathlib import Path

from asyncweb.lab.claims.article.snippets import Snippet
from asyncweb.lab.claims.article.systems import Bare
from asyncweb.lab.claims.launched import free_port
from asyncweb.lab.claims.material import Material
from asyncweb.lab.claims.peers.peer import Seat
from asyncweb.lab.claims.peers.workshop import kept
from asyncweb.lab.claims.program import Program

TEXT, EMPTY, NOTHING, UNKNOWN = "the text", "an empty answer", "nothing at all", "not measured"
PATIENCE_S = 2.0  # for one that answers on the same machine


def answered(snippet: Snippet) -> str:
    """What the article's handler, on the real hyperlane, answers to a client that asks it once.

    One of TEXT, EMPTY, NOTHING; UNKNOWN before `asyncweb claims --build` has built it.
    """
    peer = Bare()
    built = kept(peer)
    if built is None:
        return UNKNOWN
    with tempfile.TemporaryDirectory(prefix="asyncweb-tried-") as folder:
        seat = Seat(free_port(), Material.written(Path(folder)), Path(folder))
        with Program(peer, built, seat):
            return _heard(seat, f"/{snippet.name}")


def _heard(seat: Seat, path: str) -> str:
    received = b""
    with socket.create_connection((seat.host, seat.port), PATIENCE_S) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {seat.host}\r\n\r\n".encode())
        with contextlib.suppress(TimeoutError):
            while not received.partition(b"\r\n\r\n")[2] and (piece := client.recv(65536)):
                received += piece
    if not received:
        return NOTHING
    return TEXT if received.partition(b"\r\n\r\n")[2] else EMPTY
