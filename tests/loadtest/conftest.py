"""What the tests of loads share: a crowd in this very process, which starts at once."""

import asyncio

import pytest

from asyncweb.loadtest.client import Crowd
from asyncweb.servers.event_loop import new_event_loop


class Here:
    """Does plans here, as a LoadProcess does elsewhere; a complaint of the loop is an error."""

    def run(self, plan):
        complaints = []

        async def visit():
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda loop, context: complaints.append(context))
            return await Crowd(plan).run()

        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            result = runner.run(visit())
        assert complaints == []
        return result


class Quiet:
    """A screen that shows nothing."""

    def update(self, frame):
        """Nothing is shown."""

    def close(self):
        """Nothing was opened."""


@pytest.fixture
def here():
    return Here()


@pytest.fixture
def quiet():
    return Quiet()
