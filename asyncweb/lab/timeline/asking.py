"""Clients that ask once each, from one thread, by the server's own clock.

Rule: all are connected, and let in, before the first one asks, so that what is seen is requests
and not connections.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from asyncweb.lab.timeline.notes import Call

RECEIVE_BYTES = 64 * 1024
LET_IN_S = 1.0  # after which they ask all the same
LOOK_S = 0.001


def ask(
    host: str,
    port: int,
    paths: Sequence[str],
    apart_s: float,
    patience_s: float,
    inside: Callable[[], int],
) -> list[Call]:
    """Asks for each of `paths` over a connection of its own, one `apart_s` after the other.

    `inside` says how many clients the server has let in. Returns when all are answered, or
    `patience_s` seconds after the last question. Raises OSError when nobody listens.
    """
    with ExitStack() as closing:
        before = inside()
        asking = [closing.enter_context(_Asking(host, port, path)) for path in paths]
        _until(lambda: inside() >= before + len(asking), LET_IN_S)
        selector = closing.enter_context(selectors.DefaultSelector())
        for one in asking:
            selector.register(one.socket, selectors.EVENT_READ, one)
        _converse(selector, asking, apart_s, patience_s)
        return [one.call for one in asking]


def _converse(
    selector: selectors.BaseSelector, asking: Sequence[_Asking], apart_s: float, patience_s: float
) -> None:
    """Lets each ask when it is due, and takes what comes until all have been answered."""
    began = time.perf_counter()
    due = deque((began + apart_s * place, one) for place, one in enumerate(asking))
    end = due[-1][0] + patience_s
    while selector.get_map() and (now := time.perf_counter()) < end:
        while due and due[0][0] <= now:
            due.popleft()[1].send()
        until = due[0][0] if due else end
        for key, _ in selector.select(max(until - time.perf_counter(), 0.0)):
            if not key.data.receive():
                selector.unregister(key.fileobj)


class _Asking:
    """One client and its question."""

    def __init__(self, host: str, port: int, path: str):
        self.socket = socket.create_connection((host, port))
        self.call = Call(f"GET {path}", self.socket.getsockname()[:2])
        authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        question = f"GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n"
        self._question = question.encode("latin-1")

    def __enter__(self) -> _Asking:
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def send(self) -> None:
        self.call.asked_ns = time.perf_counter_ns()
        self.socket.sendall(self._question)

    def receive(self) -> bool:
        """Takes what has come; whether more may come."""
        try:
            data = self.socket.recv(RECEIVE_BYTES)
        except OSError:
            return False
        if not data:
            return False
        self.call.answered_ns = time.perf_counter_ns()
        if self.call.status is None:
            self.call.status = int(data.split(b" ", 2)[1])
        return True


def _until(condition: Callable[[], bool], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(LOOK_S)
