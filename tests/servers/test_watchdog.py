"""What holds up the event loop is found while it does, and named by its line."""

import threading

import pytest

from asyncweb import App, AsyncServer
from asyncweb.servers.blocking import Block
from asyncweb.servers.watchdog import BLOCKED_S, Watchdog
from tests.conftest import PATIENCE_S, eventually


def line_of(text):
    with open(__file__) as file:
        return next(number for number, line in enumerate(file, 1) if line.strip() == text)


def blocks(server):
    return [Block(**block) for block in server.stats()["blocks"]]


@pytest.fixture
def held():
    release = threading.Event()
    yield release
    release.set()


@pytest.mark.parametrize("is_async", [False, True])
def test_a_handler_that_holds_the_loop_is_named_while_it_does(peer, held, is_async):
    app = App()

    if is_async:

        @app.get("/")
        async def waiting(ctx):
            await ctx.sleep(0)
            held.wait(PATIENCE_S)  # as an async def
    else:

        @app.get("/")
        def waiting(ctx):
            held.wait(PATIENCE_S)  # as a plain def

    code = f"held.wait(PATIENCE_S)  # as {'an async' if is_async else 'a plain'} def"
    with AsyncServer(app) as server:
        client = peer(server)
        client.send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        eventually(lambda: blocks(server))
        (block,) = blocks(server)
        assert block.function.endswith("waiting")
        assert (block.file, block.line, block.code) == (__file__, line_of(code), code)
        assert block.seconds >= BLOCKED_S
        held.set()
        client.answer()
        eventually(lambda: blocks(server)[0].seconds > block.seconds)
        assert len(blocks(server)) == 1


def test_a_handler_that_waits_properly_is_no_block(peer):
    app = App()

    @app.get("/")
    async def waiting(ctx):
        await ctx.sleep(2 * BLOCKED_S)
        return "done"

    with AsyncServer(app) as server:
        client = peer(server)
        client.send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        client.answer()
        assert not blocks(server)


def nothing_of_ours(release):
    release.wait(PATIENCE_S)


def test_a_thread_in_no_code_of_the_app_is_not_blamed(held):
    idle = threading.Thread(target=held.wait, args=(PATIENCE_S,), daemon=True)
    told = []
    idle.start()
    watchdog = Watchdog(idle, lambda: 0.0, told.append)
    watchdog.stop()
    watchdog.look(now=1.0)
    assert not told


def test_a_block_is_told_anew_while_it_lasts_and_once_at_its_end(held):
    busy = threading.Thread(target=nothing_of_ours, args=(held,), daemon=True)
    told, beats = [], [0.0]
    busy.start()
    watchdog = Watchdog(busy, lambda: beats[0], told.append)
    watchdog.stop()
    told.clear()
    for now, beaten_at in ((0.1, 0.0), (0.2, 0.0), (0.3, 0.0), (0.5, 0.45), (0.55, 0.5)):
        beats[0] = beaten_at
        watchdog.look(now)
    assert [round(block.seconds, 3) for block in told] == [0.2, 0.3, 0.45]
    assert {block.function for block in told} == {"nothing_of_ours"}
    assert len({block.began for block in told}) == 1


def test_the_pause_of_a_collection_is_told(serve):
    import gc

    from asyncweb.metrics.recorder import Recorder

    with AsyncServer(App(), observer=Recorder()) as server:
        gc.collect()
        assert server.stats()["gc_pauses"]["max_s"] > 0
