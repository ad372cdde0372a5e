"""A thread that waits for one socket.

Rule: the wait has an end.
"""

from __future__ import annotations

import math
import select
import socket
from selectors import EVENT_READ


def wait_for(sock: socket.socket, event: int, timeout_s: float) -> None:
    """Returns when `sock` can be read (EVENT_READ) or written, or after `timeout_s` seconds."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock, select.POLLIN if event == EVENT_READ else select.POLLOUT)
        poll.poll(math.ceil(timeout_s * 1000))
    elif event == EVENT_READ:
        select.select([sock], [], [], timeout_s)
    else:
        select.select([], [sock], [], timeout_s)
