"""Who waits for which socket, and whose news has come.

Rule: what is watched is told of once, and then forgotten until it is watched again. So whoever
runs a client says himself that it has to wait, and hands it on by that.
"""

from __future__ import annotations

import contextlib
import queue
import select
import selectors
import socket
import sys
from collections.abc import Iterable
from selectors import EVENT_READ
from typing import Any, Protocol

SELECTABLE = 512  # sockets: as many as Python's select takes on Windows


class Watched(Protocol):
    """A socket, or what has one."""

    def fileno(self) -> int:
        """The socket's descriptor."""


class Poller:
    """What both ways of watching share: who is watched, and a wait that can be cut short."""

    room = sys.maxsize  # how many can be watched at once

    def __init__(self) -> None:
        self._watched: dict[int, Any] = {}  # by descriptor
        self._waker, self._wake = socket.socketpair()
        self._waker.setblocking(False)
        self._wake.setblocking(False)

    def watched(self) -> list[Any]:
        """Who is watched now."""
        return list(self._watched.values())

    def watches(self, watched: Watched) -> bool:
        """Whether it is watched now."""
        return self._watched.get(watched.fileno()) is watched

    def wake(self) -> None:
        """Ends the present `wait`, or the next one; from any thread."""
        with contextlib.suppress(OSError):  # closed, or so full that it is heard anyway
            self._wake.send(b"!")

    def close(self) -> None:
        """Watches nobody any more."""
        self._waker.close()
        self._wake.close()

    def _take(self, descriptors: Iterable[int]) -> list[Any]:
        """Those who are watched by these descriptors, and are no more."""
        news = []
        for descriptor in descriptors:
            if descriptor == self._waker.fileno():
                with contextlib.suppress(BlockingIOError):
                    self._waker.recv(4096)
            elif (watched := self._watched.pop(descriptor, None)) is not None:
                news.append(watched)
        return news


class EpollPoller(Poller):
    """By epoll, where there is one: any thread may say what it waits for, and wakes nobody."""

    def __init__(self) -> None:
        super().__init__()
        self._epoll = select.epoll()
        self._epoll.register(self._waker, select.EPOLLIN)

    def watch(self, watched: Watched, event: int) -> None:
        """Tells of `watched` when `event` has come; from any thread.

        OSError or ValueError: it is closed, or this poller is.
        """
        descriptor = watched.fileno()
        flags = select.EPOLLONESHOT | (select.EPOLLIN if event == EVENT_READ else select.EPOLLOUT)
        self._watched[descriptor] = watched
        try:
            self._arm(descriptor, flags)
        except BaseException:
            self._watched.pop(descriptor, None)
            raise

    def forget(self, watched: Watched) -> None:
        """Does not tell of it."""
        descriptor = watched.fileno()
        if self._watched.pop(descriptor, None) is not None:
            self._arm(descriptor, select.EPOLLONESHOT)

    def wait(self, timeout_s: float) -> list[Any]:
        """Those whose news has come, as soon as there are any; after `timeout_s` seconds, none."""
        return self._take([descriptor for descriptor, _ in self._epoll.poll(timeout_s)])

    def close(self) -> None:
        """Watches nobody any more."""
        super().close()
        self._epoll.close()

    def _arm(self, descriptor: int, flags: int) -> None:
        try:
            self._epoll.modify(descriptor, flags)
        except FileNotFoundError:  # watched for the first time
            self._epoll.register(descriptor, flags)


class SelectorPoller(Poller):
    """By whatever the platform has: the thread that waits is woken for every new one."""

    def __init__(self) -> None:
        super().__init__()
        self._arriving: queue.SimpleQueue[tuple[Watched, int]] = queue.SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._waker, EVENT_READ)
        if isinstance(self._selector, selectors.SelectSelector):
            self.room = SELECTABLE - 1  # the waker is one

    def watch(self, watched: Watched, event: int) -> None:
        """Tells of `watched` when `event` has come; from any thread.

        ValueError: it is closed, or this poller is.
        """
        if watched.fileno() < 0 or self._waker.fileno() < 0:
            raise ValueError("a closed socket cannot be watched, nor any by a closed poller")
        self._watched[watched.fileno()] = watched
        self._arriving.put((watched, event))
        self.wake()

    def forget(self, watched: Watched) -> None:
        """Does not tell of it."""
        self._register_arrivals()
        if self._watched.pop(watched.fileno(), None) is not None:
            self._selector.unregister(watched)

    def wait(self, timeout_s: float) -> list[Any]:
        """Those whose news has come, as soon as there are any; after `timeout_s` seconds, none."""
        self._register_arrivals()
        keys = [key for key, _ in self._selector.select(timeout_s)]
        for key in keys:
            if key.fileobj is not self._waker:
                self._selector.unregister(key.fileobj)
        return self._take([key.fd for key in keys])

    def close(self) -> None:
        """Watches nobody any more."""
        super().close()
        self._selector.close()

    def _register_arrivals(self) -> None:
        while not self._arriving.empty():
            watched, event = self._arriving.get()
            self._selector.register(watched, event)


def new_poller() -> EpollPoller | SelectorPoller:
    """The better one of those that work here."""
    return EpollPoller() if hasattr(select, "epoll") else SelectorPoller()
