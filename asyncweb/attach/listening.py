"""Which process of this machine listens at an address.

Rule: an address of another machine has none here, and what the system does not show is None.
"""

from __future__ import annotations

import socket

import psutil


def listener_at(host: str, port: int) -> int | None:
    """The pid of who listens at `host` and `port`; of several that share it, the first of them.

    None for another machine, and where the system does not say: of processes of other users, and
    on macOS of any.
    """
    if not _is_here(host):
        return None
    try:
        sockets = psutil.net_connections("tcp")
    except psutil.Error:
        return None
    listening = [one for one in sockets if one.status == psutil.CONN_LISTEN and one.laddr]
    return _eldest({one.pid for one in listening if one.laddr[1] == port and one.pid})


def _is_here(host: str) -> bool:
    own = {one.address for addresses in psutil.net_if_addrs().values() for one in addresses}
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return any(str(place[0]).startswith("127.") or place[0] in own for *_, place in found)


def _eldest(pids: set[int]) -> int | None:
    """Who has started the others: a socket that is shared is the parent's."""
    began: dict[int, float] = {}
    for pid in pids:
        try:
            began[pid] = psutil.Process(pid).create_time()
        except psutil.Error:
            continue
    return min(began, key=began.__getitem__, default=None)
