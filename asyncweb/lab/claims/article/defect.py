"""One defect a server may have: what a client sends, what is due, and what comes.

Rule: a probe sends its bytes and judges what came; it knows nothing of the server it asks.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from asyncweb.lab.claims.article.heard import End, Heard

LISTEN_S = 1.0  # a server on this machine that has said nothing by then says nothing
CONNECT_S = 5.0
RECEIVE_BYTES = 64 * 1024
STILL_THERE = b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Outcome:
    """Whether what was due came, and what did come, in words."""

    is_right: bool
    seen: str

    def __str__(self) -> str:
        return f"{'right' if self.is_right else 'WRONG'}: {self.seen}"


@dataclass(frozen=True)
class Defect:
    """What is tried. `steps` are sent one after the other, the next when the last was answered."""

    name: str
    source: str  # where it is written what is right
    due: str
    matters: str  # what a user would notice
    steps: tuple[bytes, ...]
    is_right: Callable[[Heard], bool]
    half_closes: bool = False  # after the last step: the client sends no more, and reads
    is_judged_at_end: bool = False  # only what did not come tells: listens until it is closed
    listen_s: float = LISTEN_S
    crowd: int = 0  # so many clients come before, and have left when the first step is sent


def probe(defect: Defect, port: int, host: str = "127.0.0.1") -> Outcome:
    """What the server there does. Takes `listen_s` at most for each step of the defect."""
    _let_in(defect, host, port)
    try:
        with _connected(host, port) as client:
            heard = _converse(defect, client)
    except ConnectionError:
        heard = Heard(b"", End.CLOSED)
    if not _is_there(host, port):
        heard = replace(heard, has_ended=True)
    return Outcome(defect.is_right(heard) and not heard.has_ended, str(heard))


def _let_in(defect: Defect, host: str, port: int) -> None:
    """Asks while a crowd is there, which is gone afterwards."""
    with contextlib.ExitStack() as crowd, contextlib.suppress(OSError):  # it may refuse them
        for _ in range(defect.crowd):
            crowd.enter_context(_connected(host, port))
        if defect.crowd:
            _is_there(host, port)


def _converse(defect: Defect, client: socket.socket) -> Heard:
    heard = Heard(b"")
    for step in defect.steps[:-1]:
        _send(client, step)
        heard = _listen(client, heard, LISTEN_S, _says_more_than(heard))
    _send(client, defect.steps[-1])
    if defect.half_closes:
        with contextlib.suppress(OSError):  # it has closed already
            client.shutdown(socket.SHUT_WR)
    is_enough = _never if defect.is_judged_at_end else defect.is_right
    return _listen(client, heard, defect.listen_s, is_enough)


def _listen(
    client: socket.socket, heard: Heard, seconds: float, is_enough: Callable[[Heard], bool]
) -> Heard:
    """What has come by then, and what came before."""
    deadline = time.monotonic() + seconds
    while not heard.is_closed and not is_enough(heard):
        client.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            data = client.recv(RECEIVE_BYTES)
        except TimeoutError:
            return replace(heard, end=End.SILENT)
        except ConnectionError:
            data = b""
        heard = Heard(heard.received + data, End.ANY if data else End.CLOSED)
    return heard


def _never(heard: Heard) -> bool:
    return False


def _send(client: socket.socket, data: bytes) -> None:
    client.settimeout(LISTEN_S)
    with contextlib.suppress(OSError):  # it reads no more, which is no defect: what does it say?
        client.sendall(data)


def _connected(host: str, port: int) -> socket.socket:
    client = socket.create_connection((host, port), CONNECT_S)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def _is_there(host: str, port: int) -> bool:
    """Whether anybody still answers."""
    nothing = Heard(b"")
    try:
        with _connected(host, port) as client:
            _send(client, STILL_THERE)
            heard = _listen(client, nothing, LISTEN_S, _says_more_than(nothing))
            return bool(heard.received)
    except OSError:
        return False


def _says_more_than(before: Heard) -> Callable[[Heard], bool]:
    return lambda heard: len(heard.received) > len(before.received)


def request(line: str, *fields: str, body: bytes = b"") -> bytes:
    r"""The bytes of a request to a host named test.

    >>> request("GET / HTTP/1.1", "Connection: close")
    b'GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n'
    """
    head = "\r\n".join([line, "Host: test", *fields, "", ""])
    return head.encode("latin-1") + body


def answers_with(*statuses: int) -> Callable[[Heard], bool]:
    """Right is one answer, of one of these."""
    return lambda heard: len(heard.statuses) == 1 and heard.statuses[0] in statuses


def answers_body(*bodies: bytes) -> Callable[[Heard], bool]:
    """Right are these bodies, each with a 200."""
    due: Sequence[bytes] = list(bodies)
    return lambda heard: heard.bodies == due and set(heard.statuses) <= {100, 200}
