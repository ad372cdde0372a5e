"""Apps and requests to put a middleware around."""

import asyncio

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


def audited(client, path):
    """The answer to `path`; a layer that keeps it to itself is a mistake."""
    try:
        return client.get(path)
    except TypeError as error:
        if "returned None" not in str(error):
            raise
        raise Mistake("nothing") from error
