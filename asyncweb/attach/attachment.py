"""The door through which another process of the same user asks a server for its figures.

Rule: it gives figures and takes nothing; who does not know the token, which only this user can
read, gets no byte.

A port of the loopback address and a file in the user's own folder, because that is the same on
Linux, macOS and Windows. The port is not reachable from other machines; other users, and web pages,
could connect to it but not read the file. It is always open, since whoever needs it did not foresee
that; until somebody asks it costs a thread that sleeps. Clients are asked one after the other, each
for a second at most: who connects only to be in the way keeps others from looking, not from being
served.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from selectors import EVENT_READ
from typing import TYPE_CHECKING, Any

from asyncweb.attach import place
from asyncweb.errors import ServerError
from asyncweb.metrics.histogram import Histogram
from asyncweb.servers.poller import new_poller

if TYPE_CHECKING:
    from asyncweb.servers.base import Server

HOST = "127.0.0.1"
PATIENCE_S = 1.0
LONG_S = 3600.0  # a wait that only news is to end
TOKEN_BYTES = 32
QUESTION_BYTES = 2 * TOKEN_BYTES + 1  # the token in hexadecimal, and the end of the line

_log = logging.getLogger("asyncweb")


class Attachment:
    """Answers whoever knows the token with what `tell` returns, as JSON, until `close`.

    A process has one; if it makes several, the last one answers.
    Raises OSError when this machine has no place for it.

    >>> from asyncweb.attach.asking import ask
    >>> attachment = Attachment(lambda: {"requests": 7})
    >>> ask(os.getpid())
    {'requests': 7}
    >>> attachment.close()
    """

    def __init__(self, tell: Callable[[], dict[str, Any]]):
        self._tell = tell
        self._over = False
        self._pid = os.getpid()
        with contextlib.ExitStack() as opened:
            self._listener = opened.enter_context(socket.create_server((HOST, 0)))
            self._listener.setblocking(False)
            # Made now: when it is to wake the thread there may be no files left to open.
            self._poller = opened.enter_context(contextlib.closing(new_poller()))
            self._door = place.Door(self._listener.getsockname()[1], os.urandom(TOKEN_BYTES).hex())
            self._file = place.leave(self._pid, self._door)
            self._opened = opened.pop_all()
        self._thread = threading.Thread(
            target=self._answer_all, name="asyncweb-attachment", daemon=True
        )
        self._thread.start()
        atexit.register(self.close)  # of a program that ends without having closed it

    def close(self) -> None:
        """Answers nobody any more and leaves no file. Can be called twice."""
        if self._over or os.getpid() != self._pid:  # a forked process has only a copy of us
            return
        self._over = True
        atexit.unregister(self.close)
        place.take_back(self._file, self._door)
        self._poller.wake()
        self._thread.join()
        self._opened.close()

    def _answer_all(self) -> None:
        while not self._over:
            self._poller.watch(self._listener, EVENT_READ)
            self._poller.wait(LONG_S)
            try:
                client, _ = self._listener.accept()
            except BlockingIOError:  # it had gone already, or nobody came
                continue
            except OSError:  # there are no files left to open
                time.sleep(0.01)
                continue
            with client, contextlib.suppress(OSError):
                self._answer(client)

    def _answer(self, client: socket.socket) -> None:
        import hmac  # loaded by those who are asked
        import json

        said = _line(client)
        if not hmac.compare_digest(said, f"{self._door.token}\n".encode()):
            return
        try:
            told = self._tell()
        except (ServerError, TimeoutError) as error:
            told = {"error": str(error)}
        client.settimeout(PATIENCE_S)
        client.sendall(json.dumps(told, default=_plain).encode())


@contextlib.contextmanager
def attached(server: Server) -> Iterator[None]:
    """Lets other processes of this user look at `server`, which has been started, meanwhile."""
    told = {"name": server.name, "engine": server.engine, "url": server.url}
    attachment = open_attachment(lambda: {**told, **server.counts()})
    try:
        yield
    finally:
        if attachment is not None:
            attachment.close()


def open_attachment(tell: Callable[[], dict[str, Any]]) -> Attachment | None:
    """An attachment; None, and a warning in the log, where there is no place for one."""
    try:
        return Attachment(tell)
    except OSError as error:  # nobody shall go without being served for it
        _log.warning("`asyncweb top` cannot look at this process: %s", error)
        return None


def _plain(value: object) -> dict[str, Any]:
    if isinstance(value, Histogram):
        return value.to_dict()
    raise TypeError(f"{value!r} is no figure")


def _line(client: socket.socket) -> bytes:
    """What `client` says, as far as it is no more than a token and comes in time."""
    deadline = time.monotonic() + PATIENCE_S
    said = b""
    while len(said) < QUESTION_BYTES and not said.endswith(b"\n"):
        client.settimeout(max(deadline - time.monotonic(), 0.001))
        piece = client.recv(QUESTION_BYTES - len(said))
        if not piece:
            break
        said += piece
    return said
