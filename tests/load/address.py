"""What our system says of a connection, and how it is cut.

Rule: nothing is read for it, and nothing is sent.
"""

from __future__ import annotations

import socket
import struct


def reset_on_close(sock: socket.socket) -> None:
    """Closing it will be a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_established(sock: socket.socket) -> bool:
    """Whether the server still holds the connection, as our system knows it, without reading."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) == b"\x01"
