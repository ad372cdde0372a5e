"""A WebSocket as a test has it: frames out, frames in, over the pair of sockets.

Rule: the frames are those of a client on the wire, made and read by the library `websockets`.
"""

from __future__ import annotations

import json
import socket
from collections import deque
from collections.abc import Iterator
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from asyncweb.errors import ClientGone
from asyncweb.testing.answer import received

NORMAL, LOST = 1000, 1006


class ClientWebSocket:
    """`send` and `receive` text or bytes; iterate until the app says goodbye.

    `close_code` and `close_reason` are the app's; None while it is open. `subprotocol` is the one
    agreed on.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.websocket("/add", subprotocols=["sums"])
    ... async def add(ws):
    ...     await ws.send(f"{await ws.receive()}, {ws.subprotocol}")
    ...     await ws.send_json(sum(await ws.receive_json()))
    ...     await ws.receive()
    >>> with app.test_client().websocket("/add", subprotocols=["sums"]) as ws:
    ...     ws.send("hello")
    ...     ws.receive()
    ...     ws.send_json([1, 2])
    ...     ws.receive_json()
    ...     ws.close(1000, "thank you")
    ...     ws.close_code, ws.close_reason
    'hello, sums'
    3
    (1000, 'thank you')
    """

    def __init__(self, sock: socket.socket, subprotocol: str | None, rest: bytes):
        self.subprotocol = subprotocol
        self.close_code: int | None = None
        self.close_reason = ""
        self._socket = sock
        self._protocol = ClientProtocol(parse_uri("ws://testserver/"), state=OPEN, max_size=None)
        self._messages: deque[str | bytes] = deque()
        self._parts: list[bytes] = []
        self._part_is_text = False
        if rest:
            self._take(rest)

    def send(self, message: str | bytes) -> None:
        """Sends text or bytes. Raises ClientGone when the app has closed."""
        if isinstance(message, str):
            self._protocol.send_text(message.encode())
        else:
            self._protocol.send_binary(message)
        self._flush()

    def send_json(self, value: Any) -> None:
        """Sends `value` as JSON text."""
        self.send(json.dumps(value))

    def receive(self) -> str | bytes:
        """The next message. Raises ClientGone when the app has closed, TimeoutError if it waits."""
        while not self._messages and self.close_code is None:
            self._receive()
        if not self._messages:
            raise ClientGone(f"the app has closed: {self.close_code} {self.close_reason}".rstrip())
        return self._messages.popleft()

    def receive_json(self) -> Any:
        """The next message as JSON. Raises ValueError when it is something else."""
        return json.loads(self.receive())

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Says goodbye, and waits for the app's own; what it sends before that is forgotten."""
        if self.close_code is None:
            self._protocol.send_close(code, reason)
            self._flush()
        while self.close_code is None:
            self._receive()

    def __iter__(self) -> Iterator[str | bytes]:
        while True:
            try:
                yield self.receive()
            except ClientGone:
                return

    def _flush(self) -> None:
        try:
            for data in self._protocol.data_to_send():
                self._socket.sendall(data)
        except OSError as error:
            raise ClientGone("the app has closed") from error

    def _receive(self) -> None:
        self._take(received(self._socket))

    def _take(self, data: bytes) -> None:
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
            self.close_code = LOST
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._accept(event)
        if self.close_code is None or data:
            self._flush()  # a pong, or the answer to a close

    def _accept(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            close = self._protocol.close_rcvd
            assert close is not None
            self.close_code, self.close_reason = int(close.code), close.reason
            return
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            if frame.opcode is not Opcode.CONT:
                self._part_is_text = frame.opcode is Opcode.TEXT
            self._parts.append(bytes(frame.data))
            if frame.fin:
                data = b"".join(self._parts)
                self._parts = []
                self._messages.append(data.decode() if self._part_is_text else data)
