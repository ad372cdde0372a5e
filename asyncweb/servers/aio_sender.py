"""How the event-loop server sends an answer that has to wait: for its handler, or for its reader.

Rule: a task does it, and ends with its client. What has broken off never looks whole.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from asyncweb.context import Context
from asyncweb.errors import ClientGone, ProtocolError
from asyncweb.http.messages import Response, switched
from asyncweb.servers.aio_peer import Peer
from asyncweb.servers.outbox import LARGE_BYTES
from asyncweb.servers.silence import silence_of
from asyncweb.servers.spelling import spelled

if TYPE_CHECKING:
    from asyncweb.servers.aio_stream import LoopStream


class Sender(Peer):
    """A client, as far as it is sent what takes a while."""

    __slots__ = ("_taken_over",)
    _taken_over: LoopStream | None  # by the handler

    async def room(self) -> None:
        """Returns when the client has taken most of what it was sent. Raises ClientGone."""
        try:
            await self._outbox.room()
        except asyncio.CancelledError:
            if self.connection.answering:  # it is there: this is the handler's own affair
                raise
        if not self.connection.answering:
            raise ClientGone("the client has left")

    async def _respond(self, ctx: Context, began: float) -> None:
        try:
            response = await self._engine.app.respond(ctx)
        except BaseException as error:
            if self._transport.is_closing():
                raise  # cancelled, because the client has left
            response = self._engine.app.fail(ctx, error)
        if self._taken_over is not None:
            self._engine.ended(ctx, switched(), self._taken_over.since(began))
        elif reply := self._spelled(ctx, response, began):
            self._outbox.write(reply)
        else:
            await self._send(ctx, response, began)

    def _spelled(self, ctx: Context, response: Response, began: float) -> bytes:
        """An answer that ends when it is written; b"" of one that may have to wait."""
        if not isinstance(response.body, bytes) or len(response.body) > LARGE_BYTES:
            return b""
        response, reply = spelled(self.connection, ctx, response, self._engine)
        self._engine.ended(ctx, response, began)
        return reply

    async def _send(self, ctx: Context, response: Response, began: float) -> None:
        response, reply = spelled(self.connection, ctx, response, self._engine)
        try:
            self._outbox.write(reply)
            if response.streams:
                await self._stream(response)
            await self._outbox.rest()
        except BaseException as error:  # a KeyboardInterrupt here would end the loop for everyone
            self._engine.broke_off(ctx, response, began)
            if isinstance(error, asyncio.CancelledError):
                raise  # the client has left
            # What the client has broken off is no failure of the app.
            if not isinstance(error, ClientGone | ProtocolError):
                self._engine.failed(ctx.request, error)
            self.abort()
            return
        self._engine.ended(ctx, response, began)

    async def _stream(self, response: Response) -> None:
        from asyncweb.pieces import pieces_for_loop  # loaded by those who stream

        self._silence = silence_of(response.body, self.connection.wants_body)
        async with aclosing(pieces_for_loop(response.body, self.connection.wants_body)) as pieces:
            async for piece in pieces:
                await self.room()
                self._outbox.write(self.connection.piece(piece))
        await self.room()
        self._silence = None
        self._outbox.write(self.connection.finish())
