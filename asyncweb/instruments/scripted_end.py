"""One end of a connection, in the hands of a test: it sends what it is told, in any cut.

Rule: nothing is added and nothing corrected. What came is told as it came, and a wait has an end.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Self

from asyncweb.errors import ClientGone, InstrumentError
from asyncweb.http.fields import Headers
from asyncweb.servers.base import reset_on_close
from asyncweb.testing.answer import Answer

PATIENCE_S = 10.0
RECEIVE_BYTES = 64 * 1024
PAUSE_S = 0.001  # between two pieces, so that most arrive in a read of their own


class ScriptedEnd:
    """Sends, half-closes, resets, stalls and reads, as a script of plain calls.

    >>> def pair():
    ...     ours, theirs = socket.socketpair()
    ...     return ScriptedEnd(ours), ScriptedEnd(theirs)
    >>> client, server = pair()
    >>> with client, server:
    ...     _ = client.send(b"one, two, three", size=1).half_close()
    ...     server.read(4), server.read_until(b"two"), server.rest()
    ...     _ = server.send(b"HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nfew")
    ...     _ = server.send(b"3\\r\\nand\\r\\n0\\r\\n\\r\\n")
    ...     client.answer().text, client.rest_of_chunks()
    (b'one,', b' two', b', three')
    ('few', b'and')

    A stall lasts until another thread ends it; a reset is a close without a goodbye:

    >>> client, server = pair()
    >>> stalling = threading.Thread(target=server.stall)
    >>> stalling.start()
    >>> server.end()
    >>> stalling.join()
    >>> server.close()
    >>> client.reset()
    """

    def __init__(self, connected: socket.socket):
        connected.settimeout(PATIENCE_S)
        with contextlib.suppress(OSError):  # a pair of sockets has no TCP
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connected
        self._came = bytearray()  # and was not read yet
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
        self.socket.close()

    # ------------------------------------------------------------------ what it hears

    def read(self, count: int) -> bytes:
        """The next `count` bytes; fewer when the other side ends before."""
        while len(self._came) < count and self._receive():
            pass
        return self._take(count)

    def read_until(self, end: bytes) -> bytes:
        """All up to `end`, which is part of it. Raises ClientGone when it does not come."""
        while end not in self._came:
            if not self._receive():
                came = bytes(self._came)
                raise ClientGone(f"expected {end!r}, but the other side ended after {came!r}")
        return self._take(self._came.index(end) + len(end))

    def rest(self) -> bytes:
        """All that comes until the other side closes."""
        while self._receive():
            pass
        return self._take(len(self._came))

    def answer(self, has_body: bool = True) -> Answer:
        """The next HTTP answer. Raises InstrumentError for what is none, with what came."""
        head = self.read_until(b"\r\n").decode("latin-1")
        if not head.startswith("HTTP/1.1 "):
            raise InstrumentError(f"expected an answer of HTTP/1.1, got {head!r}")
        status, headers = int(head.split()[1]), Headers()
        while (line := self.read_until(b"\r\n").decode("latin-1")) != "\r\n":
            name, _, value = line.partition(":")
            headers.add(name, value.strip())
        empty = not has_body or status in (100, 204, 304)
        return Answer(status, headers, b"" if empty else self._body(headers))

    def rest_of_chunks(self) -> bytes:
        """The body that is left, in HTTP's chunks, without their frame."""
        return b"".join(self._chunks())

    def _body(self, headers: Headers) -> bytes:
        if headers.get("transfer-encoding") == "chunked":
            return self.rest_of_chunks()
        if "content-length" in headers:
            return self.read(int(headers["content-length"]))
        return self.rest()

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.read_until(b"\r\n"), 16):
            yield self.read(size)
            self.read_until(b"\r\n")
        self.read_until(b"\r\n")

    def _receive(self) -> bool:
        data = self.socket.recv(RECEIVE_BYTES)
        self._came += data
        return bool(data)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._came[:count])
        del self._came[:count]
        return taken

    # ------------------------------------------------------------------ its life

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
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
