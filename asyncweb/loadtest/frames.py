"""Messages in a stream of WebSocket frames, counted and not kept (RFC 6455, 5).

Rule: this module does no I/O and knows no clock. What a message says is dropped as it comes, so one
without an end costs time and no memory.
"""

from __future__ import annotations

from collections.abc import Sequence

from websockets.frames import Frame, Opcode

from asyncweb.loadtest.answers import Head, Heads, NoAnswer

FIN, RESERVED, MASKED = 0x80, 0x70, 0x80
SMALL, TWO_BYTES, EIGHT_BYTES = 125, 126, 127  # what the length in a head says
WHOLE = (Head(200, stays=True, length=0),)  # a message has no status: any that is no error
LONGEST_HEAD_BYTES = 10
ALONE = (FIN | Opcode.TEXT, FIN | Opcode.BINARY)
STARTS = (Opcode.TEXT, Opcode.BINARY)
CONTROLS = (Opcode.CLOSE, Opcode.PING, Opcode.PONG)


class Messages:
    """The messages that one server sends on one connection, with the face of Answers.

    With `begins`, only those that begin so are told of. `replies` are frames that the server waits
    for, to be sent and cleared. `is_closed`: it has said goodbye, and nothing behind that is read.

    >>> messages = Messages(Heads())
    >>> messages.feed(b"\\x81\\x05he"), len(messages.feed(b"llo\\x82\\x01!\\x89\\x00"))
    ((), 2)
    >>> len(messages.replies)  # a pong
    1
    """

    __slots__ = (
        "_begins",
        "_goes_on",
        "_is_last",
        "_missing",
        "_rest",
        "_said",
        "heads",
        "is_closed",
        "replies",
    )

    def __init__(self, heads: Heads, begins: bytes = b""):
        self.heads = heads  # no message needs them
        self.replies: list[bytes] = []
        self.is_closed = False
        self._begins = begins
        self._said = b""  # of the present message, as much as may be compared with that
        self._rest = b""  # the beginning of a frame's head, or of a control frame
        self._missing = 0  # bytes of the frame that has begun
        self._is_last = False  # that frame, of its message
        self._goes_on = False  # a message that has begun, with the next frame

    def feed(self, data: bytes) -> Sequence[Head]:
        """The messages that are whole now. Raises NoAnswer for what is none."""
        is_between = not (self._rest or self._missing or self._goes_on or self.is_closed)
        is_alone = len(data) > 1 and data[0] in ALONE and len(data) == data[1] + 2 <= SMALL + 2
        if is_alone and is_between:
            return WHOLE if data.startswith(self._begins, 2) else ()
        return self._read(data)

    def end(self) -> Head | None:
        """No message ends with the connection."""
        return None

    def _read(self, data: bytes) -> Sequence[Head]:
        whole: list[Head] = []
        data, self._rest = self._rest + data, b""
        at = 0  # what is before has been read; to cut it off each time would cost its square
        while at < len(data) and not self.is_closed:
            if self._missing:
                at += self._go_on(data, at, whole)
                continue
            began = self._begin(data, at, whole)
            if not began:
                self._rest = data[at:]
                break
            at += began
        return whole or ()

    def _go_on(self, data: bytes, at: int, whole: list[Head]) -> int:
        """Passes over what is there of the present frame; how many bytes that are."""
        taken = min(len(data) - at, self._missing)
        self._said += data[at : at + min(taken, len(self._begins) - len(self._said))]
        self._missing -= taken
        if not self._missing and self._is_last and self._said == self._begins:
            whole += WHOLE
        return taken

    def _begin(self, data: bytes, at: int, whole: list[Head]) -> int:
        """Reads the head of a frame, and all of a control frame; the bytes taken, 0: too few."""
        head = data[at : at + LONGEST_HEAD_BYTES]
        is_last, opcode = bool(head[0] & FIN), head[0] & 0x0F
        size = _head_bytes(head)
        if len(head) < size:
            return 0
        length = head[1] if size == 2 else int.from_bytes(head[2:size])
        if opcode in CONTROLS:
            return self._control(opcode, is_last, data[at + 2 : at + 2 + length], length)
        if opcode not in (*STARTS, Opcode.CONT) or (opcode == Opcode.CONT) != self._goes_on:
            raise NoAnswer(f"no WebSocket message: a frame of kind {opcode} out of its turn")
        self._goes_on, self._is_last, self._missing = not is_last, is_last, length
        if opcode in STARTS:
            self._said = b""
        if not length:
            self._go_on(b"", 0, whole)
        return size

    def _control(self, opcode: int, is_last: bool, said: bytes, length: int) -> int:
        if not is_last or length > SMALL:
            raise NoAnswer("no WebSocket message: a control frame that is long or in parts")
        if len(said) < length:
            return 0
        if opcode != Opcode.PONG:
            self.is_closed = opcode == Opcode.CLOSE
            reply = Opcode.CLOSE if self.is_closed else Opcode.PONG
            self.replies.append(Frame(reply, said).serialize(mask=True))
        return 2 + length


def _head_bytes(head: bytes) -> int:
    """How long the head of a frame is, by its first two bytes. Raises NoAnswer for a wrong one."""
    if head[0] & RESERVED or (len(head) > 1 and head[1] & MASKED):
        raise NoAnswer(f"no WebSocket message: a server's frame does not begin with {head[:2]!r}")
    said = head[1] if len(head) > 1 else 0
    return {TWO_BYTES: 4, EIGHT_BYTES: 10}.get(said, 2)
