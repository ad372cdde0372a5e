"""What the tests of loads share: a crowd here, one elsewhere, and a server by script."""

import asyncio
import contextlib

import pytest

from asyncweb import App, AsyncServer
from asyncweb.instruments import ScriptedPeer
from asyncweb.loadtest.client import Crowd
from asyncweb.loadtest.run import LoadProcess
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


@pytest.fixture(scope="module")
def load():
    """One process for all the loads of a module; what one test does in it ends with its plan."""
    with LoadProcess() as process:
        yield process


@pytest.fixture
def seen():
    """What `server` was asked for: numbers of notes, and users as (method, id, body)."""
    return []


@pytest.fixture
def server(seen):
    """A server with something quick, something slow, and something that is written down."""
    app = App()

    @app.get("/")
    def home(ctx):
        return "hello"

    @app.get("/slow")
    async def slow(ctx):
        await ctx.sleep(0.1)
        return ""

    @app.get("/note/{number:int}")
    def note(ctx):
        seen.append(ctx.params["number"])
        return ""

    @app.route("/users/{id}", methods=["GET", "POST", "HEAD"])
    def user(ctx):
        seen.append((ctx.request.method, ctx.params["id"], ctx.body))
        return "someone"

    with AsyncServer(app) as server:
        yield server


@pytest.fixture
def scripted():
    """A server that does `act(connection)` for what comes, until that closes the connection.

    Where it is given, `agreed` is said to the first that comes.
    """
    peers = contextlib.ExitStack()

    def start(act, agreed=b""):
        def converse(end):
            connection = end.socket
            if agreed:
                connection.recv(4096)
                connection.sendall(agreed)
            while connection.fileno() >= 0 and connection.recv(4096):
                act(connection)

        return peers.enter_context(ScriptedPeer(converse)).url + "/"

    with peers:
        yield start
