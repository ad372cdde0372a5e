"""An upstream that lets nobody through before n callers are inside: proof that they overlap.

Rule: what is proven is a count. The clock only says when to give up, and then everybody is told
how many came.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.errors import HTTPError, InstrumentError, NotTogether
from asyncweb.servers.aio import AsyncServer

GIVE_UP_S = 5.0
T = TypeVar("T")


class Rendezvous:
    """Lets callers through when `n` of them are inside, and from then on everybody.

    Tasks `await meeting(request)`, threads call `meeting.wait(request)`, other processes ask its
    URL; each gets its `request` back. When one of them has waited `give_up_s` seconds (of its loop,
    so also of a VirtualLoop), all who are inside get NotTogether.

    >>> import asyncio
    >>> async def fetch_all(fetch):
    ...     return await asyncio.gather(fetch("a"), fetch("b"), fetch("c"))
    >>> asyncio.run(fetch_all(Rendezvous(3)))
    ['a', 'b', 'c']

    One after the other is not together, and on a VirtualLoop nobody waits to see it:

    >>> from asyncweb.instruments import run_in_virtual_time
    >>> async def fetch_one_by_one(fetch):
    ...     return [await fetch(name) for name in "abc"]
    >>> run_in_virtual_time(fetch_one_by_one(Rendezvous(3)))
    Traceback (most recent call last):
    asyncweb.errors.NotTogether: 1 of 3 callers came within 5 s, ...

    To prove that no more than 3 are ever inside, wait for more, without insisting:

    >>> async def fetch_ten(fetch):
    ...     places = asyncio.Semaphore(3)
    ...     async def one(number):
    ...         async with places:
    ...             return await fetch(number)
    ...     return await asyncio.gather(*map(one, range(10)))
    >>> meeting = Rendezvous(10, insists=False)
    >>> run_in_virtual_time(fetch_ten(meeting))
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    >>> meeting.most, meeting.came, meeting.reached
    (3, 10, False)
    """

    def __init__(self, n: int, *, give_up_s: float = GIVE_UP_S, insists: bool = True):
        if n < 1:
            raise InstrumentError(f"Rendezvous({n}): expected 1 caller or more")
        self.n = n
        self.came = 0  # so far, in all
        self.most = 0  # at once; never more than n, for then they leave
        self.reached = False
        self._give_up_s = give_up_s
        self._insists = insists
        self._given_up = False
        self._inside: list[Future[None]] = []
        self._lock = threading.Lock()

    async def __call__(self, request: T = None) -> T:  # type: ignore[assignment]
        """`request`, when enough tasks, threads and clients are inside. Raises NotTogether."""
        place = self._enter()
        timer = asyncio.get_running_loop().call_later(self._give_up_s, self._give_up, place)
        try:
            await asyncio.wrap_future(place)
        finally:
            timer.cancel()
            self._leave(place)
        return request

    def wait(self, request: T = None) -> T:  # type: ignore[assignment]
        """The same for a thread, which it holds until then.

        >>> from concurrent.futures import ThreadPoolExecutor
        >>> with ThreadPoolExecutor(2) as threads:
        ...     list(threads.map(Rendezvous(2).wait, ["a", "b"]))
        ['a', 'b']
        """
        place = self._enter()
        try:
            place.result(self._give_up_s)
        except TimeoutError:
            self._give_up(place)
            place.result()
        finally:
            self._leave(place)
        return request

    @contextmanager
    def serve(self) -> Iterator[str]:
        """The URL of a real server whose answers wait like everybody; it stops with the block.

        Any path is answered with itself; with 504 and the reason when it is given up.

        >>> from urllib.request import ProxyHandler, build_opener
        >>> ask = build_opener(ProxyHandler({})).open  # this machine needs no proxy
        >>> with Rendezvous(1).serve() as url:
        ...     ask(url + "/tea").read()
        b'/tea'
        """
        app = App()

        @app.get("/")
        @app.get("/{rest:path}")
        async def answer(ctx: Context) -> str:
            try:
                return await self(ctx.path)
            except NotTogether as error:
                raise HTTPError(504, str(error)) from None

        server = AsyncServer(app, name="rendezvous").start()
        try:
            yield server.url
        finally:
            self._let_go(forever=True)
            server.stop()

    def _enter(self) -> Future[None]:
        place: Future[None] = Future()
        with self._lock:
            self.came += 1
            self._inside.append(place)
            self.most = max(self.most, len(self._inside))
            self.reached = self.reached or len(self._inside) >= self.n
            over = self.reached or self._given_up
        if over:
            self._let_go()
        return place

    def _leave(self, place: Future[None]) -> None:
        with self._lock:
            if place in self._inside:  # who is cancelled leaves before it is let go
                self._inside.remove(place)

    def _give_up(self, place: Future[None]) -> None:
        if not place.done():
            self._let_go(forever=self._insists)

    def _let_go(self, forever: bool = False) -> None:
        """Lets all who are inside go on; `forever`: who comes too late to a failure shares it."""
        with self._lock:
            self._given_up = self._given_up or (forever and not self.reached)
            inside, self._inside = self._inside, []
            given_up = self._given_up
        for place in inside:
            if not place.set_running_or_notify_cancel():
                continue
            if given_up:
                place.set_exception(self._error())
            else:
                place.set_result(None)

    def _error(self) -> NotTogether:
        return NotTogether(
            f"{self.most} of {self.n} callers came within {self._give_up_s:g} s, so they do not "
            "overlap; start all of them before you wait for the first: asyncio.gather, a "
            "TaskGroup, a thread for each"
        )
