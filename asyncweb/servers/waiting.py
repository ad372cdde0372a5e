"""What a thread asks about one socket.

Rule: a wait has an end, and a question takes nothing out of the socket.
"""

from __future__ import annotations

import math
import select
import socket
from selectors import EVENT_READ
from typing import Any

LONGEST_S = 3600.0  # poll takes no infinity, and counts its milliseconds in an int


def wait_for(sock: socket.socket, event: int, timeout_s: float) -> None:
    """Returns when `sock` can be read (EVENT_READ) or written, or after `timeout_s` seconds.

    Or earlier: after LONGEST_S.
    """
    timeout_s = min(timeout_s, LONGEST_S)
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLIN if event == EVENT_READ else select.POLLOUT)
        poll.poll(math.ceil(timeout_s * 1000))
    elif event == EVENT_READ:
        select.select([sock], [], [], timeout_s)
    else:
        select.select([], [sock], [], timeout_s)


def has_come(sock: Any) -> bool:
    """Whether something is there to be read from `sock`, be it the end."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([sock], [], [], 0)[0])


def is_closed_by_peer(sock: socket.socket) -> bool:
    """Whether the other side has closed `sock`, or is gone; where it can be seen, at once.

    Elsewhere than on Linux it is seen when all that came before it was read.
    """
    if hasattr(select, "POLLRDHUP"):
        poll = select.poll()
        poll.register(sock, select.POLLRDHUP)
        return bool(poll.poll(0))
    try:
        return bool(getattr(sock, "raw", sock).recv(1, socket.MSG_PEEK) == b"")
    except BlockingIOError:
        return False
