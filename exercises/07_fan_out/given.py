"""A server that counts who is inside, so that nobody needs a clock to see what overlaps."""

import asyncio
import inspect

from asyncweb.errors import NotTogether
from asyncweb.grading import Mistake
from asyncweb.instruments import Rendezvous, run_in_virtual_time

URLS = ["/tea", "/bread", "/salt", "/milk", "/rice", "/figs"]


def page(url):
    """What stands on the page of that URL."""
    return f"all about {url[1:]}"


PAGES = [page(url) for url in URLS]


class Site:
    """Answers nobody before `together` callers are inside; counts who called, and who came."""

    def __init__(self, together, insists=True):
        self.called = 0
        self.meeting = Rendezvous(together, insists=insists)

    def fetch(self, url):
        """The page, to be awaited."""
        self.called += 1  # what is called here begins only when it is awaited
        return self._answer(url)

    async def _answer(self, url):
        return page(await self.meeting(url))

    def visit(self, coroutine):
        """What the student's `coroutine` gives, when the callers come together."""
        try:
            pages = run_in_virtual_time(coroutine)
        except NotTogether:
            self._blame()
        if type(pages) is list and any(map(inspect.iscoroutine, pages)):
            for each in pages:
                each.close()
            self._blame()
        return pages

    def _blame(self):
        came = self.meeting.came
        if self.called > came:
            raise Mistake("M02", called=self.called, begun=f"only {came}" if came else "none")
        raise Mistake("M04", pages=self.meeting.n, most=self.meeting.most)


class SlowFirst:
    """Answers the first page when all the others have been answered."""

    def __init__(self, urls):
        self.left = len(urls)
        self._first = urls[0]
        self._over = asyncio.Event()

    async def fetch(self, url):
        """The page."""
        if url == self._first:
            await self._over.wait()
        self.left -= 1
        if self.left == 1:
            self._over.set()
        return page(url)


class Shuffled:
    """Answers each page after so many turns of the loop as `turns` says."""

    def __init__(self, turns):
        self._turns = turns

    async def fetch(self, url):
        """The page."""
        for _ in range(self._turns[url]):
            await asyncio.sleep(0)
        return page(url)


class Failing:
    """Fails for one page when all are inside; the others wait, and tidy up when they must end."""

    def __init__(self, fails, together, tidying_s=0):
        self.working = 0
        self._fails = fails
        self._together = together
        self._tidying_s = tidying_s
        self._all_inside = asyncio.Event()

    async def fetch(self, url):
        """No page ever comes."""
        self.working += 1
        try:
            if self.working == self._together:
                self._all_inside.set()
            await self._all_inside.wait()
            if url == self._fails:
                raise OSError(f"{url} is gone")
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(self._tidying_s)
            raise
        finally:
            self.working -= 1


async def failing(coroutine):
    """Returns when the student's `coroutine` has failed as it should, alone or in a group."""
    try:
        got = await coroutine
    except* OSError:
        pass
    else:
        raise Mistake("silent", got=got)
