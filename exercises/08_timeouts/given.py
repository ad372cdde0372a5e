"""Pages that take virtual seconds, and a chart that takes a real thread."""

import asyncio
import threading

from asyncweb.grading import Mistake

MIRRORS = {"/far": 30, "/near": 2, "/slow": 50}


class Site:
    """Each page takes so many `seconds`; `working` counts the fetches that have not ended."""

    def __init__(self, seconds, tidying_s=0):
        self.working = 0
        self._seconds = seconds
        self._tidying_s = tidying_s

    async def fetch(self, url):
        """The page. Who is cancelled tidies up first."""
        self.working += 1
        try:
            await asyncio.sleep(self._seconds[url])
        except asyncio.CancelledError:
            await asyncio.sleep(self._tidying_s)
            raise
        finally:
            self.working -= 1
        return f"all about {url[1:]}"


async def timed(coroutine):
    """What `coroutine` gives, or "TimeoutError", and how many seconds of its loop it took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    try:
        got = await coroutine
    except TimeoutError:
        got = "TimeoutError"
    return got, round(loop.time() - began)


class Chart:
    """A function that holds its thread until it is told that it is over, or the test is."""

    def __init__(self, has_to_wait=True):
        self.begun = asyncio.Event()
        self.has_begun = False  # the same, known at once in any thread
        self._over = threading.Event()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.current_thread()
        self._is_over = None
        self._has_to_wait = has_to_wait

    def render(self, is_over):
        """The chart, at last."""
        if threading.current_thread() is self._thread:
            raise Mistake("M03")
        self._is_over = is_over
        self.has_begun = True
        self._loop.call_soon_threadsafe(self.begun.set)
        if self._has_to_wait:
            self._over.wait()
        return "chart"

    def end(self):
        """Lets the thread go; returns whether somebody else had told it that it is over."""
        self._over.set()
        return self._is_over is not None and self._is_over.is_set()


class Jobs:
    """Three jobs, the second of which fails, or one that takes long; then there are none."""

    def __init__(self, takes_long=False):
        self.done = []
        self._left = [self.long] if takes_long else [self.good, self.bad, self.good]

    async def next_job(self):
        """The next one; waits when there is none."""
        if self._left:
            return self._left.pop(0)
        return await asyncio.Event().wait()

    async def good(self):
        """A job that is done at once."""
        self.done.append("good")

    async def bad(self):
        """A job that fails."""
        raise ValueError("this job cannot be done")

    async def long(self):
        """A job that takes an hour."""
        await asyncio.sleep(3600)
