"""A socket to the server from a source address of our choice.

Rule: the source port is chosen at the connect, so that each address has all ports for itself.
"""

from __future__ import annotations

import asyncio
import socket
import struct

IP_BIND_ADDRESS_NO_PORT = 24  # Linux; Python names it from 3.12 on


async def connected(source: str, port: int, receive_bytes: int | None = None) -> socket.socket:
    """A socket that does not block. Raises OSError when the server lets nobody in."""
    sock = socket.socket()
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_bytes is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        sock.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    except BaseException:
        sock.close()
        raise
    return sock


def reset_on_close(sock: socket.socket) -> None:
    """Closing it will be a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def is_established(sock: socket.socket) -> bool:
    """Whether the server still holds the connection, as our system knows it, without reading."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) == b"\x01"
