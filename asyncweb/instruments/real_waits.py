"""Which calls wait in reality, and hold the thread that makes them.

Rule: it is asked of the function that is about to be called, whatever name the code has for it.
"""

from __future__ import annotations

import socket
import time
from typing import Any

_WAITING = {"accept", "connect", "recv", "recv_into", "recvfrom", "recvmsg", "send", "sendall"}


def real_wait(called: Any) -> str:
    """The name of `called` when it makes its thread wait; "" for all else.

    >>> from time import sleep as nap
    >>> real_wait(nap), real_wait(len)
    ('time.sleep', '')
    >>> with socket.socket() as sock:
    ...     blocking = real_wait(sock.recv)
    ...     sock.setblocking(False)
    ...     blocking, real_wait(sock.recv)
    ('socket.recv', '')
    """
    if called is time.sleep:
        return "time.sleep"
    owner = getattr(called, "__self__", None)
    if isinstance(owner, socket.socket) and called.__name__ in _WAITING:
        return f"socket.{called.__name__}" if owner.gettimeout() != 0 else ""
    return ""
