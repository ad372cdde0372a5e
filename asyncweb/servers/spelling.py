"""How a server spells its answers: with the date, and never what HTTP has no word for.

Rule: an answer that cannot be spelled is a failure of its handler, and its client is told 500.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from asyncweb.app import App
from asyncweb.connection import Connection
from asyncweb.context import Context
from asyncweb.engine import Engine
from asyncweb.errors import ProtocolError
from asyncweb.http.known import Known
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Response
from asyncweb.http.moment import spelled_moment

if TYPE_CHECKING:
    from asyncweb.servers.access_log import AccessLog


class Speaker(Engine, Protocol):
    """An engine, as far as it says how an answer is spelled."""

    app: App
    date: DateLine
    limits: Limits
    keep_alive: bool
    known: Known
    log: AccessLog | None


def new_connection(engine: Speaker) -> Connection:
    """The conversation with a client that has just come."""
    return Connection(engine.limits, engine.keep_alive, engine.app.streams, engine.known)


def spelled(
    connection: Connection, ctx: Context, response: Response, engine: Speaker
) -> tuple[Response, bytes]:
    """`response` and its bytes (of a stream: its head); a 500 in place of one that has none."""
    try:
        return response, connection.reply(response, engine.date.now())
    except Exception as error:  # a status or headers that a handler has put there unchecked
        failed = engine.app.fail(ctx, error)
        return failed, connection.reply(failed, engine.date.now())


class Talker(Protocol):
    """A client, as far as it is told that it has asked nothing."""

    connection: Connection
    address: tuple[str, int]


def spelled_refusal(client: Talker, error: ProtocolError, engine: Speaker) -> bytes:
    """The bytes of the answer to what never became a request."""
    response = engine.app.refuse(error, engine)
    if engine.log is not None:
        engine.log.refused(client.address, response)
    return client.connection.reply(response, engine.date.now())


class DateLine:
    """The Date field's value, made anew once a second."""

    def __init__(self, clock: Callable[[], float] = time.time):
        self._clock = clock
        self._until = 0.0  # the line is right before this moment
        self._line = ""

    def now(self) -> str:
        """The present moment as RFC 9110 spells it."""
        now = self._clock()
        if not self._until - 1 <= now < self._until:
            self._until = int(now) + 1.0
            self._line = spelled_moment(time.gmtime(now))
        return self._line
