"""A client without opinions: it sends bytes, in the pieces it is told, and reads to the end."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterable

from tests.conftest import PATIENCE_S

LONG = 2_000  # bytes; what is longer is cut more coarsely
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


def whole(data: bytes) -> list[bytes]:
    """One piece."""
    return [data]


def byte_by_byte(data: bytes) -> list[bytes]:
    """The smallest pieces there are."""
    step = 1 if len(data) < LONG else 97
    return [data[at : at + step] for at in range(0, len(data), step)]


def after_each_cr(data: bytes) -> list[bytes]:
    """Pieces that tear the line ends apart."""
    return re.findall(rb"[^\r]*\r|[^\r]+", data)


def talk(port: int, pieces: Iterable[bytes], *, says_no_more: bool = False) -> tuple[int, bytes]:
    """The port it came from, and all that was answered until the other side closed."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        own_port = sock.getsockname()[1]
        with contextlib.suppress(OSError):  # it may have heard enough before the end
            for piece in pieces:
                sock.sendall(piece)
            if says_no_more:
                sock.shutdown(socket.SHUT_WR)
        return own_port, _read_all(sock)


def _read_all(sock: socket.socket) -> bytes:
    said = b""
    # A reset after an answer is how some proxies close; what was read before it counts.
    with contextlib.suppress(ConnectionResetError):
        while data := sock.recv(65536):
            said += data
    return said


def statuses(said: bytes) -> list[int]:
    """The final statuses in what a server said; our answers' bodies never contain a head."""
    return [int(status) for status in _STATUS.findall(said) if not status.startswith(b"1")]
