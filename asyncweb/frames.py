"""The two directions of one WebSocket, over the bytes of a connection.

Rule: frames are read when the handler receives, and about once a second when it does not: so a
ping is answered and a close is noticed while it works.
"""

from __future__ import annotations

import math
import os
from collections import deque
from typing import cast

from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from asyncweb.channel import GOING_AWAY, INVALID_DATA, LOST, MESSAGE_COST, Source, check_close
from asyncweb.errors import ClientGone
from asyncweb.http.bytestream import ByteStream, Home
from asyncweb.http.websocket import Accepted, Message, close_frame

CLOSE_BYTE = b"\x88"  # the first of a close frame


class FrameChannel:
    """A Channel over a ByteStream, which it watches."""

    __slots__ = (
        "_close_sent", "_deflate", "_ending", "_goodbye", "_has_heard", "_is_received", "_limits",
        "_messages", "_part", "_part_is_text", "_pinged", "_protocol", "_since", "_stream",
        "_waiting_bytes", "_waits_for",
        "close_code", "close_reason", "is_broken", "latency", "sources",
    )  # fmt: skip

    def __init__(self, stream: ByteStream, accepted: Accepted):
        self.close_code: int | None = None  # None: it is open
        self.close_reason = ""
        self.is_broken = False
        self.latency: float | None = None
        self.sources: list[Source] = []
        self._stream = stream
        self._deflate = accepted.deflate
        self._limits = limits = stream.home.limits
        sizes = (limits.message_bytes, limits.frame_bytes)
        self._protocol = ServerProtocol(state=OPEN, max_size=sizes)
        self._protocol.extensions = [accepted.deflate] if accepted.deflate else []
        self._messages: deque[str | bytes] = deque()
        self._waiting_bytes = 0  # of those messages
        self._part = bytearray()  # of a message that comes in fragments
        self._part_is_text = False
        self._is_received = False  # some task or thread waits for a message
        self._close_sent = False
        self._goodbye = b""
        self._ending: tuple[int, str, bool] | None = None  # code, reason, whether it is a breach
        self._pinged = (b"", 0.0)  # what the latest ping said, and when
        self._has_heard = True  # since the last look
        self._waits_for = ""  # "anything", a "pong" or "close" of the client; the "handler"
        self._since = 0.0  # when that wait began
        stream.watcher = self

    @property
    def home(self) -> Home:
        """The engine it lives on."""
        return self._stream.home

    # ------------------------------------------------------------------ for the handler

    async def receive(self) -> str | bytes | None:
        """The next message; None when none will come any more."""
        if not self._claim():
            raise RuntimeError("two wait for one WebSocket's messages; let one receive for all")
        try:
            while not self._messages and self.close_code is None:
                await self._read()
        finally:
            self._is_received = False
        with self._stream.lock:
            return self._pop() if self._messages else None

    async def send(self, message: Message) -> None:
        """Sends it; waits while the client is slow."""
        while not self._sent(message):
            await self._stream.room()

    async def ping(self) -> None:
        """Asks the client for a sign of life. Raises ClientGone when none will come."""
        await self._stream.room()
        with self._stream.lock:
            self._finish()  # a client that has ended gives no sign of life
            self._check_open()
            self._ping()

    async def close(self, code: int, reason: str) -> None:
        """Says goodbye, and waits a while for the client's own."""
        check_close(code, reason)
        self.say_close(code, reason)
        if not self._claim():
            return  # who receives will hear of it
        try:
            while self.close_code is None:  # what comes before is heard by nobody
                await self._read()
        finally:
            self._is_received = False

    def say_close(self, code: int, reason: str) -> None:
        """Says goodbye, and waits for nothing."""
        with self._stream.lock:
            self._finish()
            if self.close_code is None and not self._close_sent:
                self._close_sent = True
                self._protocol.send_close(code, reason)
                self._put_frames()

    def _claim(self) -> bool:
        """Whether the one who asks may receive: nobody else does."""
        with self._stream.lock:
            is_free, self._is_received = not self._is_received, True
            return is_free

    async def _read(self) -> None:
        """Hears what the client says next; after its last word, that is the end."""
        if self._ending is not None:
            self._finish()
            return
        if not self._stream.has_room:
            await self._stream.room()  # a client that pings and does not read is not listened to
        data = await self._stream.read()
        with self._stream.lock:
            self._take(data)

    def _sent(self, message: Message) -> bool:
        """Whether there was room for it."""
        with self._stream.lock:
            self._check_open()
            if not self._stream.has_room:
                return False
            self._stream.put(message.frame(self._deflate))
            return True

    def _check_open(self) -> None:
        if self.close_code is not None or self._close_sent:
            code = self.close_code or "by this server"
            raise ClientGone(f"this WebSocket is closed: {code} {self.close_reason}".rstrip())

    # ------------------------------------------------------------------ for the engine

    def flush(self) -> None:
        """Sends what the sources have, as far as there is room; closes if one of them says so."""
        with self._stream.lock:
            is_open = self.close_code is None and not self._close_sent
            for source in tuple(self.sources) if is_open else ():
                while self._stream.has_room and (message := source.pop()) is not None:
                    self._stream.put(message.frame(self._deflate))
                if source.closing_code is not None:
                    self.say_close(source.closing_code, "too slow")
                    return

    def leave(self) -> None:
        """The server stops."""
        self.say_close(GOING_AWAY, "the server stops")

    def look(self, now: float) -> None:
        """Reads if the handler does not; pings a silent client, and cuts off one that stays so."""
        with self._stream.lock:
            if self._ending is not None and not self._is_received:
                self._finish()  # the handler takes none of what came before it
            if self.close_code is not None:
                self._end_unheard(now)
                return
            may_read = self._waiting_bytes < self._limits.buffer_bytes and self._stream.has_room
            if may_read and not self._is_received and (data := self._stream.read_now()) is not None:
                self._take(data)
            has_heard, self._has_heard = self._has_heard, False
            if self._close_sent:
                self._wait("close", now)
            elif has_heard or not may_read:
                self._wait("", now)
            elif self._waits_for != "pong":
                self._wait("anything", now)
            if now - self._since >= self._patience_s():
                self._hurry(now)

    def _end_unheard(self, now: float) -> None:
        """The client is done, and the handler does not listen: its end is the connection's.

        What the handler may still receive, it has some time for.
        """
        if self._is_received:
            return
        self._wait("handler", now)
        if not self._messages or now - self._since >= self._patience_s():
            self._stream.close()

    def _wait(self, waits_for: str, now: float) -> None:
        if waits_for != self._waits_for:
            self._waits_for, self._since = waits_for, now

    def _patience_s(self) -> float:
        match self._waits_for:
            case "anything":
                return self._limits.ping_s
            case "pong":
                return self._limits.pong_s
            case "close" | "handler":
                return self._limits.half_closed_s
            case _:
                return math.inf

    def _hurry(self, now: float) -> None:
        if self._waits_for == "anything":
            self._ping()
            self._wait("pong", now)
        else:
            self._stream.abort()

    # ------------------------------------------------------------------ frames, with the lock held

    def _ping(self) -> None:
        self._pinged = os.urandom(4), self.home.now()  # a pong says which ping it answers
        self._protocol.send_ping(self._pinged[0])
        self._put_frames()

    def _take(self, data: bytes) -> None:
        protocol = self._protocol
        self._has_heard = True
        if data:
            protocol.receive_data(data)
        else:
            protocol.receive_eof()
        for event in protocol.events_received():
            if self._ending is None:  # what follows a breach means nothing
                self._accept(cast(Frame, event))
        if protocol.parser_exc is not None and self._ending is None:
            sent = protocol.close_sent
            self._ending = sent.code if sent and data else LOST, str(protocol.parser_exc), True
        self._put_frames()
        if self._ending is not None and not self._messages:
            self._finish()

    def _accept(self, frame: Frame) -> None:
        match frame.opcode:
            case Opcode.TEXT | Opcode.BINARY:
                self._part_is_text = frame.opcode is Opcode.TEXT
                if frame.fin:
                    self._deliver(bytes(frame.data))
                else:
                    self._part += frame.data
            case Opcode.CONT:
                self._part += frame.data
                if frame.fin:
                    self._deliver(bytes(self._part))
                    self._part.clear()
            case Opcode.PONG if frame.data == self._pinged[0]:
                self.latency = self.home.now() - self._pinged[1]
            case Opcode.CLOSE:
                close = self._protocol.close_rcvd
                assert close is not None
                self._ending = int(close.code), close.reason, False

    def _deliver(self, data: bytes) -> None:
        if self._close_sent:
            return
        try:
            message = data.decode() if self._part_is_text else data
        except UnicodeDecodeError as error:
            reason = f"byte {error.start} of a text is not UTF-8"
            self._ending = INVALID_DATA, reason, True
            self._goodbye = close_frame(INVALID_DATA, reason)
            return
        self._messages.append(message)
        self._waiting_bytes += len(message) + MESSAGE_COST

    def _pop(self) -> str | bytes:
        message = self._messages.popleft()
        self._waiting_bytes -= len(message) + MESSAGE_COST
        return message

    def _put_frames(self) -> None:
        """Sends what the protocol answers; a goodbye waits until what came before it is taken."""
        frames = self._protocol.data_to_send()
        if not frames:
            return
        if self._ending is not None:
            answer = [data for data in frames if data[:1] == CLOSE_BYTE]
            self._goodbye = self._goodbye or b"".join(answer)  # a breach found here has its own
            frames = [data for data in frames if data[:1] != CLOSE_BYTE]
        self._stream.put(b"".join(frames))

    def _finish(self) -> None:
        """What came before it is taken: answers the client's goodbye, or its breach."""
        with self._stream.lock:
            if self._ending is not None:
                self._stream.put(self._goodbye)
                self.close_code, self.close_reason, self.is_broken = self._ending
                self._ending = None
