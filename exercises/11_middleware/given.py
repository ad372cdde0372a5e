"""Apps and requests to put a middleware around."""

import asyncio
import re
from contextlib import contextmanager

from asyncweb import App, Request, Response
from asyncweb.grading import Mistake

ENGINES = ["async", "threads"]


def app(*layers):
    """An App with `layers`, the first outermost, and tea; and the list of who got to the tea."""
    made, served = App(), []
    for layer in layers:
        made.middleware(layer)

    @made.get("/tea")
    def tea(ctx):
        served.append(ctx.path)
        return "tea"

    return made, served


def raising(error):
    """A layer that raises `error` instead of going further in."""

    async def broken(ctx, next):
        raise error

    return broken


def context(path="/tea"):
    """The Context of a request that no server has seen."""
    return App().context(Request("GET", path), engine=None)


async def answers_at_once(ctx):
    """What is inside, and does not wait."""
    return Response("tea")


class SlowDisk:
    """Keeps lines, and sees when it is called where it holds up an event loop."""

    def __init__(self):
        self.lines = []

    def write_line(self, line):
        """Stands for a call that blocks; it takes no time."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # there is none on this thread: here it may block
            self.lines.append(line)
        else:
            raise Mistake("M01")


def answered(client, path="/tea", headers=()):
    """The answer to a request that goes through all layers."""
    with answer_is_passed_on():
        return client.get(path, headers=headers)


@contextmanager
def answer_is_passed_on():
    """Names the mistake of a layer that returns nothing, or takes a coroutine for the answer."""
    try:
        yield
    except (AttributeError, TypeError) as error:
        if "returned None" in str(error):
            raise Mistake("nothing") from error
        if "coroutine" in str(error):
            told = "A coroutine has no headers, no status, and no answer in it yet."
            raise Mistake("M02", told=told) from error
        raise


def milliseconds(response):
    """The number in its header server-timing, however that is spelt: `app;dur=12.5`."""
    told = response.headers.get("server-timing")
    found = re.fullmatch(r"app; ?dur=(\d+(\.\d+)?)", told or "")
    if not found:
        raise AssertionError(f"expected the header server-timing as app;dur=12.5, got {told!r}")
    return float(found[1])
