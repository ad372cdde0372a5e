"""How the crowd's connections are made, and why one is not.

Rule: a few are made at a time, and what this machine could not do is never told as a fault of the
server.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from asyncweb.loadtest.answers import NoAnswer
from asyncweb.loadtest.trust import client_context, distrusted, is_turned_away, turned_away
from asyncweb.loadtest.visitor import Visitor
from asyncweb.loadtest.websocket import handshake
from asyncweb.loadtest.websocket_visitor import WebSocketVisitor

if TYPE_CHECKING:
    from asyncweb.loadtest.client import Crowd

CONNECTING_AT_ONCE = 128
KNOCK_S = 0.5  # that the next ones wait for an answer to those before; the server may hang
DISTRUSTED_AT_MOST = 10  # first connections, before the run ends
OWN_FAULTS = {
    errno.EMFILE: "own files",
    errno.ENFILE: "own files",
    errno.EADDRNOTAVAIL: "own ports",
}


class Door:
    """Where a crowd gets its connections. Raises LoadError when its plan names no PEM file."""

    def __init__(self, crowd: Crowd):
        self._crowd = crowd
        self._tls = client_context(crowd.plan)
        self._new_visitor: Callable[[], Visitor] = partial(Visitor, crowd)
        if crowd.plan.is_websocket:
            self._new_visitor = partial(WebSocketVisitor, crowd, handshake(crowd.plan))
        self._connecting = asyncio.Semaphore(CONNECTING_AT_ONCE)
        self._address = ""  # that let the first one in
        self.knocking: dict[Visitor, float] = {}  # who is not yet connected, and since when

    async def connect(self) -> Visitor | None:
        """A connection, answered once if that is asked for and soon done; None if it failed."""
        visitor = self._new_visitor()
        self.knocking[visitor] = time.perf_counter()
        try:
            async with self._connecting:
                is_here = await self._has_opened(visitor)
                if is_here and not self._crowd.began:
                    await asyncio.wait([visitor.ready], timeout=KNOCK_S)
        finally:
            self.end_knock(visitor)
        return visitor if is_here else None

    def let_in(self, visitor: Visitor) -> None:
        """`visitor` is connected, and the next ones shall be to the same address."""
        # Where several addresses of a name fail, the error has no number: nothing would tell a
        # fault of this machine from one of the server.
        self._address = self._address or visitor.server_address
        self.end_knock(visitor)

    def end_knock(self, visitor: Visitor) -> None:
        """`visitor` knocks no more: counts how long it did, as the server's time."""
        since = self.knocking.pop(visitor, None)
        if since is not None:
            waited_s = self._crowd.counted_s(since, time.perf_counter())
            self._crowd.tally.connecting_s += waited_s

    def lost(self, error: Exception | None, requests: int) -> None:
        """Counts `requests` that were in flight on a connection that was cut.

        Ends the run when it is for us that it was cut, and nobody has heard anything.
        """
        crowd, tally = self._crowd, self._crowd.tally
        if not is_turned_away(error):
            return crowd.failed("reset", requests)
        crowd.failed("certificate", requests)
        enough = min(crowd.plan.connections, DISTRUSTED_AT_MOST)
        if not tally.received_bytes and tally.errors["certificate"] >= enough:
            crowd.fail(turned_away(crowd.plan, error))

    async def _has_opened(self, visitor: Visitor) -> bool:
        """Connects `visitor`; whether that went well."""
        crowd, plan = self._crowd, self._crowd.plan
        began = time.perf_counter()
        try:
            async with asyncio.timeout(plan.timeout_s):
                await crowd.loop.create_connection(
                    lambda: visitor,
                    self._address or plan.host,
                    plan.port,
                    ssl=self._tls,
                    server_hostname=plan.host if self._tls else None,
                )
                await visitor.opened()
        except (OSError, NoAnswer) as error:  # TimeoutError is an OSError
            self._refused(error)
            visitor.forget()
            return False
        except asyncio.CancelledError:
            visitor.forget()
            raise
        crowd.tally.connects.record(time.perf_counter() - began)
        return True

    def _refused(self, error: OSError | NoAnswer) -> None:
        """Counts a connection that was not made; ends the run when none will be."""
        crowd, kind = self._crowd, kind_of(error)
        if is_turned_away(error):
            return self.lost(error, requests=1)
        crowd.tally.errors[kind] += 1
        if not isinstance(error, ssl.SSLCertVerificationError) or crowd.tally.connects.count:
            return
        if crowd.tally.errors[kind] >= min(crowd.plan.connections, DISTRUSTED_AT_MOST):
            crowd.fail(distrusted(crowd.plan, error))


def kind_of(error: OSError | NoAnswer) -> str:
    """The kind of error that a result counts, of one that kept a connection from being made.

    >>> kind_of(ConnectionRefusedError()), kind_of(OSError(errno.EMFILE, "too many open files"))
    ('connect', 'own files')
    """
    if isinstance(error, NoAnswer):
        return error.kind
    if isinstance(error, ssl.SSLError):  # its numbers are not those of the system
        return "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "tls"
    return OWN_FAULTS.get(error.errno or 0, "connect")
