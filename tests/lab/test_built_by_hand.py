"""What notebooks 01 and 07 build in cells is right, and what they ask for can be done."""

import ast
import asyncio
import itertools
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from asyncweb import App
from asyncweb.lab.behind import Behind
from asyncweb.lab.crowd import crowd
from asyncweb.lab.hand_made import start, stop_all
from tests.conftest import PATIENCE_S

SOURCES = Path(__file__).parents[2] / "notebooks" / "source"
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
HEAD = b"GET /%d HTTP/1.1\r\nHost: here\r\n\r\n"
HELLO = b"hello\r\n\r\n"
CROWD = 8


def definitions(number):
    """What the cells of a notebook define, and the constants; nothing that runs."""
    (source,) = SOURCES.glob(f"{number}_*.py")
    found = {}
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        is_constant = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).isupper()
        decorated = getattr(node, "decorator_list", [])
        if (isinstance(node, DEFINITIONS) and not decorated) or is_constant:
            exec(compile(ast.Module([node], []), source.name, "exec"), found)
    return found


@pytest.fixture(autouse=True)
def all_stopped():
    yield
    stop_all()


@pytest.fixture(scope="module")
def server():
    """Notebook 01."""
    return definitions("01")


@pytest.fixture(scope="module")
def inside():
    """Notebook 07."""
    return definitions("07")


@pytest.fixture
def meeting():
    """An app that answers nobody before all of a crowd are inside."""
    app, inside = App(), []

    @app.get("/")
    async def home(ctx):
        inside.append(ctx)
        while len(inside) < CROWD:
            await ctx.sleep(0.001)
        return "all are here"

    return app


def said(server, data):
    """What a server says first to `data`."""
    with socket.create_connection(server.address, PATIENCE_S) as client:
        client.sendall(data)
        return client.recv(65536)


# ---------------------------------------------------------------------------------- notebook 01


def test_a_stream_of_requests_is_read_right_wherever_it_is_cut(server):
    stream = b"".join(HEAD % number for number in range(3))
    places = range(0, len(stream) + 1, 3)
    for first, second in itertools.combinations(places, 2):
        pieces = (stream[:first], stream[first:second], stream[second:])
        read = server["requests"](server["Pieces"](*filter(None, pieces)))
        assert [request.path for request in read] == ["/0", "/1", "/2"]


def test_with_a_thread_for_each_client_nobody_waits_for_another(server, meeting):
    behind = Behind(meeting)

    def answer(request):
        return server["spell"](behind.respond_here(request))

    def serve_threaded(listener):
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                client = (connection, answer)
                threading.Thread(target=server["converse"], args=client, daemon=True).start()

    assert len(crowd(start(serve_threaded).url, CROWD).waits) == CROWD


def test_the_twin_can_be_taught_to_say_400():
    taught = definitions("01")

    async def converse_async(connection, answer):
        loop = asyncio.get_running_loop()
        with connection, suppress(ConnectionError):
            try:
                async for request in taught["requests_async"](connection):
                    await loop.sock_sendall(connection, await answer(request))
            except ValueError:
                await loop.sock_sendall(connection, taught["BAD_REQUEST"])

    taught["converse_async"] = converse_async
    running = start(taught["twin"], taught["answer_async"])
    assert b"400 Bad Request" in said(running, HELLO)
    assert b"200 OK" in said(running, HEAD % 1)


def test_lines_can_be_shouted_however_they_were_cut():
    def shout(connection):
        with connection:
            received = b""
            while data := connection.recv(1024):
                received += data
                while b"\n" in received:
                    line, _, received = received.partition(b"\n")
                    connection.sendall(line.upper() + b"\n")

    near, far = socket.socketpair()
    thread = threading.Thread(target=shout, args=(near,))
    thread.start()
    with far:
        for piece in (b"he", b"llo\nwor", b"ld\n"):
            far.sendall(piece)
        far.shutdown(socket.SHUT_WR)
        with far.makefile("rb") as heard:
            assert heard.read() == b"HELLO\nWORLD\n"
    thread.join()


# ---------------------------------------------------------------------------------- notebook 07


def test_a_conversation_of_generators_is_that_of_threads(inside, capsys):
    (ours, ada), (theirs, bob) = socket.socketpair(), socket.socketpair()
    ask, visit = inside["ask_and_wish"], inside["visit"]
    inside["run"](ask(ours), ask(theirs), visit("Ada", ada, "Ada", "tea"), visit("Bob", bob, "Bob"))
    lines = capsys.readouterr().out.splitlines()
    assert "Ada hears: Good luck with tea, Ada!" in lines
    assert "Bob hears: What do you seek, Bob? " in lines


def test_who_sleeps_less_wakes_first(inside):
    loop, woken = inside["Loop"](), []

    async def sleeper(seconds):
        await loop.sleep(seconds)
        woken.append(seconds)

    async def main():
        tasks = [loop.create_task(sleeper(seconds)) for seconds in (0.02, 0.0, 0.01)]
        for task in tasks:
            await task

    loop.run(main())
    assert woken == [0.0, 0.01, 0.02]


def test_a_task_is_done_with_what_its_coroutine_returns(inside):
    loop = inside["Loop"]()

    async def three():
        return 3

    async def main():
        task = loop.create_task(three())
        return await task + await task  # the second time it is done already

    assert loop.run(main()) == 6


def test_an_answer_larger_than_the_buffers_is_sent_whole(inside):
    loop, (near, far) = inside["Loop"](), socket.socketpair()
    near.setblocking(False)
    data, got = bytes(4_000_000), []

    async def read():
        while piece := await loop.sock_recv(far, 65536):
            got.append(len(piece))

    async def main():
        loop.create_task(read())
        await loop.sock_sendall(near, data)
        near.close()

    loop.run(main())
    far.close()
    assert sum(got) == len(data)


@pytest.mark.parametrize("parser", ["ByHand", "ByHttptools"])
def test_both_parsers_read_a_stream_byte_by_byte_and_at_once(inside, parser):
    stream = b"".join(HEAD % number for number in range(3))
    for pieces in ([stream], [bytes([byte]) for byte in stream]):
        feed = inside[parser]().feed
        found = [request for piece in pieces for request in feed(piece)]
        assert [request.path for request in found] == ["/0", "/1", "/2"]
        assert found[0].headers["host"] == "here"


@pytest.mark.parametrize("parser", ["ByHand", "ByHttptools"])
def test_an_app_is_served_on_the_loop_and_nobody_waits_for_another(inside, meeting, parser):
    def on_my_loop(listener):
        loop = inside["Loop"]()
        behind = Behind(meeting, sleep=loop.sleep)
        loop.run(inside["serve"](loop, listener, inside[parser], behind))

    running = start(on_my_loop)
    assert len(crowd(running.url, CROWD).waits) == CROWD
    running.stop()
    assert running.error is None and not running.is_running


def test_to_send_first_and_ask_later_is_right_as_well(inside):
    class Eager(inside["Loop"]):
        async def sock_sendall(self, connection, data):
            with suppress(BlockingIOError):
                data = data[connection.send(data) :]
            await super().sock_sendall(connection, data)

    test_an_answer_larger_than_the_buffers_is_sent_whole({"Loop": Eager})


def test_two_sleeps_can_overlap(inside):
    loop, asleep = inside["Loop"](), []

    async def both():
        sleeps = [loop.create_task(loop.sleep(0.01)) for _ in range(2)]
        await loop.sleep(0)
        asleep.append(len(loop.timers))
        for sleep in sleeps:
            await sleep

    loop.run(both())
    assert asleep == [2]


def test_an_error_can_be_kept_for_who_awaits_its_task():
    built = definitions("07")

    class CarefulTask(built["Task"]):
        error = None

        def step(self):
            try:
                super().step()
            except Exception as error:
                self.error = error
                self.set_result()

        def __await__(self):
            value = yield from super().__await__()
            if self.error is not None:
                raise self.error
            return value

    built["CarefulTask"] = CarefulTask
    loop = built["CarefulLoop"]()

    async def fail():
        await loop.sleep(0)
        raise KeyError("tea")

    async def main():
        task = loop.create_task(fail())
        with pytest.raises(KeyError, match="tea"):
            await task
        return "went on"

    assert loop.run(main()) == "went on"


def test_an_event_needs_nothing_but_a_future(inside):
    class Event:
        def __init__(self):
            self.future = inside["Future"]()

        async def wait(self):
            await self.future

        def set(self):
            self.future.set_result()

    loop, event, woken = inside["Loop"](), Event(), []

    async def waiter(name):
        await event.wait()
        woken.append(name)

    async def main():
        for name in "abc":
            loop.create_task(waiter(name))
        await loop.sleep(0.001)
        assert not woken
        event.set()

    loop.run(main())
    assert woken == ["a", "b", "c"]
