"""One connection of the crowd that has become a WebSocket: it sends a message and waits for one.

Rule: the first message that comes after one was sent is its answer, of those that begin as the
plan says; what comes unasked is passed over, and counted. The handshake is a part of being
connected.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, cast

from websockets.frames import Close, CloseCode, Frame, Opcode

from asyncweb.loadtest.answers import NoAnswer
from asyncweb.loadtest.frames import Messages
from asyncweb.loadtest.visitor import Visitor
from asyncweb.loadtest.websocket import HungUp, NoUpgrade, after_handshake, said_as_bytes

if TYPE_CHECKING:
    from asyncweb.loadtest.client import Crowd

GOODBYE = Frame(Opcode.CLOSE, Close(CloseCode.NORMAL_CLOSURE, "").serialize()).serialize(mask=True)


class WebSocketVisitor(Visitor):
    """The protocol of one WebSocket, which begins with `handshake`."""

    __slots__ = ("_handshake", "_head", "_link", "_messages", "_opened")

    def __init__(self, crowd: Crowd, handshake: bytes):
        super().__init__(crowd)
        self._handshake = handshake
        self._answers = self._messages = Messages(crowd.heads, said_as_bytes(crowd.plan.answer))
        self._head: bytes | None = b""  # of the answer to the handshake, as far as it has come
        self._link: asyncio.Transport | None = None  # once it is connected
        self._opened: asyncio.Future[Exception | None] = crowd.loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected: asks for a WebSocket."""
        self._transport = self._link = cast(asyncio.Transport, transport)
        self._crowd.tally.sent_bytes += len(self._handshake)
        self._transport.write(self._handshake)

    async def opened(self) -> None:
        """Returns when it may ask. Raises NoUpgrade when the server does not agree, and
        HungUp or SSLError when it is gone."""
        refusal = await self._opened
        if refusal is not None:
            raise refusal

    def data_received(self, data: bytes) -> None:
        """A part of the answer to the handshake, or of a message."""
        self._crowd.tally.received_bytes += len(data)
        try:
            if self._head is None:
                self._hear(data)
            else:
                self._shake_hands(self._head + data)
        except NoUpgrade as refusal:
            self._decide(refusal)
        except NoAnswer as error:
            self.fail(error.kind)

    def forget(self) -> None:
        """Nobody waits for it any more: unlike a connection being made, this one has to be cut."""
        super().forget()
        if self._link is not None and not self._link.is_closing():
            self._link.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """The server, or we, have closed."""
        is_untold = not isinstance(error, ssl.SSLError)
        self._decide(HungUp("the server hung up") if is_untold else error)
        super().connection_lost(error)

    def _shake_hands(self, head: bytes) -> None:
        rest = after_handshake(head)
        self._head = head
        if rest is None:
            return
        self._head = None
        if rest:
            self._hear(rest)
        self._decide(None)
        if not self._transport.is_closing():
            self._crowd.arrived(self)

    def _decide(self, refusal: Exception | None) -> None:
        if not self._opened.done():  # whoever waited for it may have been sent home
            self._opened.set_result(refusal)

    def _hear(self, data: bytes) -> None:
        for head in self._messages.feed(data):
            if self.asked:
                self._answered(head)
            else:
                self._crowd.tally.unasked += 1
        if self._messages.replies:
            self._reply()

    def _reply(self) -> None:
        self._transport.writelines(self._messages.replies)
        self._messages.replies.clear()
        if self._messages.is_closed:
            self._lose("closed")
            self._transport.close()

    def _part(self) -> None:
        self._transport.write(GOODBYE)  # the server's own then ends the connection
