"""Handlers that hold a loop or do not, and functions that know where they were called."""

import asyncio
import multiprocessing
import pickle
import threading
from concurrent.futures import Executor, Future

from asyncweb.grading import Mistake

SLOW_S = 0.3
PATIENCE_S = 2.0
_here = threading.local()


# ------------------------------------------------------------------ what 6.1 looks at


async def price(sleep):
    """Waits as a task waits: healthy."""
    await asyncio.sleep(0.001)


async def orders(sleep):
    """Is an async def, and holds the loop."""
    sleep(SLOW_S)


async def search(sleep):
    """Has a timeout, and holds the loop."""

    async def query():
        sleep(SLOW_S)

    await asyncio.sleep(0)
    await asyncio.wait_for(query(), timeout=0.1)


async def report(sleep):
    """Lets a thread be slow: healthy."""
    await asyncio.to_thread(sleep, SLOW_S)


async def stock(sleep):
    """Looks healthy until its second await, and holds the loop then."""
    await asyncio.sleep(0)
    sleep(SLOW_S)


BLOCKERS = {"orders", "search", "stock"}


def judged(found, handlers):
    """Holds when `found` names those of `handlers` that hold the loop, and no other."""
    if type(found) is not list:
        raise AssertionError(f"expected a list of names, got {found!r}")
    missed = [name for name in handlers if name in BLOCKERS and name not in found]
    for name in missed:
        if name != "search":
            raise Mistake("M01", what=f"`{name}` has held the loop, and you let it pass")
    if missed:
        raise Mistake("M03")
    for name in found:
        if name not in BLOCKERS:
            raise Mistake("accused", name=name)


# ------------------------------------------------------------------ what 6.3 and 6.4 call


def loop_here():
    """The event loop that this thread is running, if any."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def find_orders(user):
    """The orders of `user`, for which a thread has to wait."""
    if loop_here():
        raise Mistake("M01", what="The driver waits for its database on the thread of the loop")
    if getattr(_here, "is_process", False):
        raise Mistake("dear")
    return f"orders of {user}"


def draw_chart(user):
    """The chart of `user`, for which a processor has to work."""
    if loop_here():
        raise Mistake("M09")
    is_process = getattr(_here, "is_process", False) or multiprocessing.parent_process()
    if not is_process:
        raise Mistake("M10")
    return f"chart of {user}"


class Processes(Executor):
    """Stands in for a ProcessPoolExecutor: takes what can travel, and works where nobody sees."""

    def submit(self, function, /, *args, **named):
        """The future result of `function(*args)`."""
        try:
            pickle.dumps((function, args, named))
        except Exception as error:
            name = getattr(function, "__qualname__", type(function).__name__)
            raise Mistake("pickle", name=name) from error
        loop = loop_here()
        future = Result()
        work = [future, loop, function, args, named]
        threading.Thread(target=self._work, args=work, daemon=True).start()
        return future

    def _work(self, future, loop, function, args, named):
        if loop is not None:  # nothing is done before the loop has had a turn
            turn = threading.Event()
            loop.call_soon_threadsafe(turn.set)
            turn.wait(PATIENCE_S)
        _here.is_process = True
        try:
            future.set_result(function(*args, **named))
        except BaseException as error:
            future.set_exception(error)


class Result(Future):
    """A future that knows who waits for it, and with what."""

    def result(self, timeout=None):
        """The result; who holds the loop for it is told so."""
        if loop_here() and not self.done():
            raise Mistake("stands")
        return super().result(timeout)


def asked(work, path):
    """What the student's app answers to GET `path`."""
    state = work.app.state
    state.find_orders, state.draw_chart, state.processes = find_orders, draw_chart, Processes()
    with work.app.test_client() as client:
        return client.get(path).text
