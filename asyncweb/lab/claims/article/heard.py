"""What a client heard of a server, told in words.

Rule: it reads what came, right or wrong, and never refuses; what it cannot read is told as bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from websockets.frames import Opcode

from asyncweb.http.fields import Headers
from asyncweb.testing.answer import Answer

SWITCHED = 101
SHOWN_BYTES = 24


class End(StrEnum):
    """How it stood with a connection when nobody listened any more."""

    CLOSED = "then closed"
    SILENT = "then silence"  # open, and nothing more came in time
    ANY = ""  # enough was heard, and nobody waited for more


@dataclass(frozen=True)
class Heard:
    """All that came on one connection, and how it stood when nobody listened any more.

    >>> head = b"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\n"
    >>> heard = Heard(head + b"one" + head + b"two", End.CLOSED)
    >>> [answer.text for answer in heard.answers], heard.statuses
    (['one', 'two'], [200, 200])
    >>> print(heard)
    200 'one', 200 'two', then closed
    >>> print(Heard(b"HTTP/1.1 101 Switching\\r\\n\\r\\n\\x81\\x02hi", End.SILENT))
    101, text 'hi', then silence
    """

    received: bytes
    end: End = End.ANY
    has_ended: bool = False  # not the connection alone: nobody listens there any more

    @property
    def is_closed(self) -> bool:
        """Whether the server has closed the connection."""
        return self.end is End.CLOSED

    @cached_property
    def answers(self) -> list[Answer]:
        """The HTTP answers in the order they came; a body that broke off as far as it came."""
        return list(_answers(self.received))

    @property
    def statuses(self) -> list[int]:
        """Theirs."""
        return [answer.status for answer in self.answers]

    @property
    def bodies(self) -> list[bytes]:
        """Theirs, those of interim answers left out."""
        return [answer.body for answer in self.answers if answer.status >= 200]

    @cached_property
    def frames(self) -> list[tuple[int, bytes]]:
        """Opcode and data of each whole frame behind a 101; empty without one."""
        if SWITCHED not in self.statuses:
            return []
        return list(_frames(self.received.partition(b"\r\n\r\n")[2]))

    @property
    def close_code(self) -> int | None:
        """Of the first frame that closes; None when none has come."""
        return next((_code(data) for opcode, data in self.frames if opcode == Opcode.CLOSE), None)

    def __str__(self) -> str:
        said = [_in_words(answer) for answer in self.answers]
        said += [_frame_in_words(*frame) for frame in self.frames]
        if self.received and not said:
            said.append(repr(self.received[:SHOWN_BYTES]))
        end = "the server is gone" if self.has_ended else str(self.end)
        return ", ".join(filter(None, [*(said or ["nothing"]), end]))


def _answers(received: bytes) -> Iterator[Answer]:
    while received.startswith(b"HTTP/1."):
        head, _, received = received.partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        headers = Headers()
        for name, _, value in (field.partition(":") for field in lines):
            headers.add(name, value.strip())
        status = int(line.split()[1])
        length = int(headers.get("content-length") or 0) if status >= 200 else 0
        yield Answer(status, headers, received[:length])
        received = b"" if status == SWITCHED else received[length:]


def _frames(received: bytes) -> Iterator[tuple[int, bytes]]:
    """Short ones that nobody masked: servers send no others here."""
    while len(received) >= 2 and len(received) >= 2 + received[1]:
        end = 2 + received[1]
        yield received[0] & 15, received[2:end]
        received = received[end:]


def _code(data: bytes) -> int:
    return int.from_bytes(data[:2], "big") if data else 1005  # RFC 6455, 7.1.5: it gave none


def _in_words(answer: Answer) -> str:
    if not answer.body:
        return str(answer.status)
    return f"{answer.status} {_short(answer.body)}"


def _frame_in_words(opcode: int, data: bytes) -> str:
    if opcode == Opcode.CLOSE:
        return f"close {_code(data)}"
    return f"{Opcode(opcode).name.lower()} {_short(data)}"


def _short(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return repr(data[:SHOWN_BYTES])
    return repr(text if len(text) <= SHOWN_BYTES else f"{text[:SHOWN_BYTES]}…")
