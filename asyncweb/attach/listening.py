"""Which process of this machine listens at an address.

Rule: an address of another machine has none here, and what the system does not show is None.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any

import psutil


def listener_at(host: str, port: int) -> int | None:
    """The pid of who listens at `host` and `port`; of several that share it, who has started them.

    None for another machine, and where the system does not say: of processes of other users, and
    on macOS of any.
    """
    if not _is_here(host):
        return None
    try:
        sockets = psutil.net_connections("tcp")
    except psutil.Error:
        return None
    pids = (one.pid for one in sockets if one.pid and _listens(one, port))
    first = next(pids, None)  # the system names one, whoever that is
    return None if first is None else _founder(first, port)


def _is_here(host: str) -> bool:
    own = {one.address for addresses in psutil.net_if_addrs().values() for one in addresses}
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return any(str(place[0]).startswith("127.") or place[0] in own for *_, place in found)


def _founder(pid: int, port: int) -> int:
    """The eldest of those above process `pid` that listen at `port` too."""
    with contextlib.suppress(psutil.Error):  # who may not be looked at is no more than a parent
        for parent in psutil.Process(pid).parents():
            if not any(_listens(one, port) for one in parent.net_connections("tcp")):
                break
            pid = parent.pid
    return pid


def _listens(one: Any, port: int) -> bool:
    return one.status == psutil.CONN_LISTEN and bool(one.laddr) and one.laddr.port == port
