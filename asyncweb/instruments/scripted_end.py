"""One end of a connection, in the hands of a test: it sends what it is told, in any cut.

Rule: nothing is added and nothing corrected. What came is told as it came, and a wait has an end.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from asyncweb.errors import InstrumentError
from asyncweb.http.fields import Headers
from asyncweb.servers.base import reset_on_close
from asyncweb.testing.answer import Answer

PATIENCE_S = 10.0
PAUSE_S = 0.001  # between two pieces, so that most arrive in a read of their own


class ScriptedEnd:
    """Sends, half-closes, resets, stalls and reads, as a script of plain calls.

    >>> ours, theirs = socket.socketpair()
    >>> with ScriptedEnd(ours) as client, ScriptedEnd(theirs) as server:
    ...     client.send(b"one two", size=1).half_close()
    ...     server.rest()
    ...     server.send(b"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nfew").close()
    ...     client.answer()
    <ScriptedEnd: 0 bytes came>
    b'one two'
    <Answer 200, 3 bytes>
    """

    def __init__(self, connected: socket.socket):
        connected.settimeout(PATIENCE_S)
        with contextlib.suppress(OSError):  # a pair of sockets has no TCP
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connected
        self._reader = connected.makefile("rb")
        self._over = threading.Event()

    # ------------------------------------------------------------------ what it does

    def send(self, data: bytes, size: int | None = None, pause_s: float = PAUSE_S) -> Self:
        """Sends all of `data`: at once, or in pieces of `size` bytes, `pause_s` seconds apart."""
        for piece in cut(data, size or max(len(data), 1)):
            self.socket.sendall(piece)
            if size is not None:
                self._over.wait(pause_s)
        return self

    def half_close(self) -> Self:
        """Says that nothing more will be sent; goes on reading."""
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def stall(self) -> Self:
        """Neither reads nor writes until somebody else calls `end`: a ScriptedPeer at its end."""
        self._over.wait()
        return self

    def end(self) -> None:
        """Ends what this end is doing in another thread: a stall, or a read."""
        self._over.set()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Leaves with a reset instead of a goodbye."""
        reset_on_close(self.socket)
        self.close()

    def close(self) -> None:
        """Leaves; can be called twice."""
        self._reader.close()
        self.socket.close()

    # ------------------------------------------------------------------ what it hears

    def read(self, count: int) -> bytes:
        """The next `count` bytes; fewer when the other side ends before."""
        return self._reader.read(count)

    def read_until(self, end: bytes) -> bytes:
        """All up to `end`, which is part of it. Raises InstrumentError when it does not come."""
        heard = b""
        while not heard.endswith(end):
            line = self._reader.read(1)
            if not line:
                raise InstrumentError(f"expected {end!r}, but the other side ended after {heard!r}")
            heard += line
        return heard

    def rest(self) -> bytes:
        """All that comes until the other side closes."""
        return self._reader.read()

    def answer(self, has_body: bool = True) -> Answer:
        """The next HTTP answer. Raises InstrumentError for what is none, with what came."""
        status_line = self._reader.readline()
        if not status_line.startswith(b"HTTP/1.1 "):
            raise InstrumentError(f"expected an answer of HTTP/1.1, got {status_line!r}")
        status, fields = int(status_line.split()[1]), []
        while (line := self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            fields.append((name, value.strip()))
        headers = Headers(fields)
        empty = not has_body or status in (100, 204, 304)
        return Answer(status, headers, b"" if empty else self._body(headers))

    def rest_of_chunks(self) -> bytes:
        """The body that is left, in HTTP's chunks, without their frame."""
        return b"".join(self._chunks())

    def _body(self, headers: Headers) -> bytes:
        if headers.get("transfer-encoding") == "chunked":
            return self.rest_of_chunks()
        if "content-length" in headers:
            return self._reader.read(int(headers["content-length"]))
        return self._reader.read()

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._reader.readline(), 16):
            yield self._reader.read(size)
            self._reader.readline()
        self._reader.readline()

    # ------------------------------------------------------------------ its life

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def cut(data: bytes, size: int) -> list[bytes]:
    """`data` in pieces of `size` bytes, the last one as it comes.

    >>> cut(b"abcde", 2)
    [b'ab', b'cd', b'e']
    """
    return [data[at : at + size] for at in range(0, len(data), size)]


def every_cut(data: bytes) -> Iterator[list[bytes]]:
    """`data` whole, byte by byte, and in two at each place.

    >>> list(every_cut(b"abc"))
    [[b'abc'], [b'a', b'b', b'c'], [b'a', b'bc'], [b'ab', b'c']]
    """
    yield [data]
    yield cut(data, 1)
    yield from ([data[:at], data[at:]] for at in range(1, len(data)))
