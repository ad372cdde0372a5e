"""A socket to a server from a source address of our choice.

Rule: the source port is chosen at the connect, so that each address has all ports for itself.
"""

from __future__ import annotations

import asyncio
import socket

IP_BIND_ADDRESS_NO_PORT = 24  # Linux; Python names it from 3.12 on


async def connected(
    source: str, address: tuple[str, int], receive_bytes: int | None = None
) -> socket.socket:
    """A socket that does not block. With source "" the system chooses.

    Raises OSError when the server lets nobody in.
    """
    sock = socket.socket()
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_bytes is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        if source:
            sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
            sock.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock
