"""What the page says an instrument catches, it catches: the wrong code fails, the right one passes.

Each test begins with the label of its misconception.
"""

import asyncio
import mmap
import os
import threading
from contextlib import ExitStack

import pytest

from asyncweb import App, ThreadServer
from asyncweb.errors import Deadlock, NotTogether, RealWait
from asyncweb.instruments import (
    LoopWatch,
    MemoryProbe,
    Rendezvous,
    ScriptedClient,
    ScriptedPeer,
    explore,
    replay,
    run_in_virtual_time,
)
from tests.conftest import PATIENCE_S

GET = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"
MIB = 1024 * 1024


async def watched(student):
    with LoopWatch() as watch:
        await student(watch.sleep)
    return watch.blocks


def test_m01_an_async_def_that_blocks_holds_the_loop():
    async def wrong(sleep):
        sleep(30)

    async def right(sleep):
        await asyncio.to_thread(sleep, 30)

    assert asyncio.run(watched(wrong))
    assert not asyncio.run(watched(right))


def test_m02_a_coroutine_that_is_only_called_has_not_started():
    async def wrong(fetch):
        one, other = fetch("a"), fetch("b")
        try:
            return [await one, await other]
        finally:
            other.close()

    async def right(fetch):
        tasks = [asyncio.create_task(fetch(name)) for name in "ab"]
        return [await task for task in tasks]

    with pytest.raises(NotTogether):
        run_in_virtual_time(wrong(Rendezvous(2)))
    assert run_in_virtual_time(right(Rendezvous(2))) == ["a", "b"]


def test_m03_wait_for_does_not_stop_what_blocks():
    async def blocks(sleep):
        sleep(30)

    async def wrong(sleep):
        await asyncio.wait_for(blocks(sleep), 1)

    assert asyncio.run(watched(wrong))


def test_m04_two_awaits_in_a_row_do_not_overlap():
    async def wrong(fetch):
        return [await fetch("a"), await fetch("b")]

    with pytest.raises(NotTogether):
        run_in_virtual_time(wrong(Rendezvous(2)))


def test_m05_an_await_that_does_not_wait_gives_nobody_a_turn():
    async def straight():
        pass

    async def polite(give_way):
        order = []

        async def worker(name):
            for _ in range(2):
                order.append(name)
                await give_way()

        await asyncio.gather(worker("a"), worker("b"))
        assert "".join(order) == "abab"

    async def wrong():
        await polite(straight)

    async def right():
        await polite(lambda: asyncio.sleep(0))

    assert replay(wrong).error is not None
    assert replay(right).error is None


async def transfers(guard):
    balance = 0

    async def deposit():
        nonlocal balance
        async with guard():
            seen = balance
            await asyncio.sleep(0)
            balance = seen + 1

    await asyncio.gather(deposit(), deposit())
    assert balance == 2


def test_m06_one_thread_has_races():
    async def wrong():
        await transfers(lambda: asyncio.Semaphore(2))

    async def right():
        lock = asyncio.Lock()
        await transfers(lambda: lock)

    assert explore(wrong).failed
    assert explore(right).failed is None


def test_m07_one_big_lock_locks_out_who_holds_it():
    def scenario(together, lock):
        def outer():
            with lock:
                inner()

        def inner():
            with lock:
                pass

        together(outer)

    found = explore(lambda together: scenario(together, threading.Lock()))
    assert isinstance(found.failed.error, Deadlock)
    assert explore(lambda together: scenario(together, threading.RLock())).failed is None


def test_m08_a_lock_of_threading_over_an_await_holds_everybody():
    async def wrong():
        lock = threading.Lock()

        async def add():
            with lock:
                await asyncio.sleep(1)

        await asyncio.gather(add(), add())

    assert isinstance(explore(wrong).failed.error, RealWait)


def count_visits(together, visits, guard):
    def visit():
        with guard:
            visits["all"] += 1

    together(visit, visit)
    assert visits == {"all": 2}


def test_m11_an_increment_that_passed_a_test_is_not_safe():
    def wrong(together):
        count_visits(together, {"all": 0}, ExitStack())

    assert replay(wrong).error is None  # the test that passes
    assert explore(wrong).failed


def test_m13_what_is_cancelled_may_take_its_time():
    async def stubborn():
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(60)

    async def main():
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait([task])
        return asyncio.get_running_loop().time()

    assert run_in_virtual_time(main()) == 61


def test_m14_one_read_is_not_one_request():
    def wrong(end):
        end.send(b"whole" if end.socket.recv(4096) == GET else b"broken")

    def right(end):
        end.send(b"whole" if end.read_until(b"\r\n\r\n") == GET else b"broken")

    with ScriptedPeer(wrong) as peer, ScriptedClient(peer.port) as client:
        assert client.send(GET[:10]).read(6) == b"broken"
    with ScriptedPeer(right) as peer, ScriptedClient(peer.port) as client:
        assert client.send(GET, size=7).read(6) == b"whole"


def test_m16_who_accepts_does_not_serve_at_once():
    for threads, give_up_s in ((1, 0.05), (2, PATIENCE_S)):
        app, meeting = App(), Rendezvous(2, give_up_s=give_up_s, insists=False)
        app.get("/")(lambda ctx, meeting=meeting: meeting.wait("hello"))
        with ThreadServer(app, max_threads=threads) as server, ExitStack() as clients:
            both = [clients.enter_context(ScriptedClient(server.port)) for _ in range(2)]
            for client in both:  # both are let in
                client.send(GET)
            assert [client.answer().text for client in both] == ["hello", "hello"]
        assert meeting.most == threads


def test_m17_a_thread_takes_addresses_and_little_memory():
    resident, reserved = MemoryProbe(os.getpid(), "rss"), MemoryProbe(os.getpid(), "vms")
    over, threads = threading.Event(), []
    for number in (20, 40, 80):
        while len(threads) < number:
            threads.append(threading.Thread(target=over.wait, daemon=True))
            threads[-1].start()
        resident.look(number)
        reserved.look(number)
    over.set()
    for thread in threads:
        thread.join()
    assert reserved.bytes_each > 10 * resident.bytes_each


def test_m19_tracemalloc_does_not_see_what_python_did_not_allocate():
    pid, maps = os.getpid(), []
    with MemoryProbe() as inside:
        outside = MemoryProbe(pid, "rss")
        for number in (4, 8, 16):
            while len(maps) < number:
                maps.append(mmap.mmap(-1, MIB))
                maps[-1].write(b"x" * MIB)
            inside.look(number)
            outside.look(number)
    for one in maps:
        one.close()
    assert inside.times(outside) < 0.1


def test_m30_gather_does_not_cancel_the_others():
    async def main():
        done = []

        async def slow():
            await asyncio.sleep(10)
            done.append("slow")

        async def fails():
            raise LookupError

        with pytest.raises(LookupError):
            await asyncio.gather(slow(), fails())
        await asyncio.sleep(60)
        return done

    assert run_in_virtual_time(main()) == ["slow"]


def test_m31_a_dict_that_threads_share_loses_updates():
    def wrong(together):
        count_visits(together, {"all": 0}, ExitStack())

    def right(together):
        count_visits(together, {"all": 0}, threading.Lock())

    assert "an item" in str(explore(wrong))
    assert explore(right).failed is None


def test_m32_what_passes_once_fails_in_another_order():
    async def wrong():
        order = []

        async def note(name):
            await asyncio.sleep(0)
            order.append(name)

        await asyncio.gather(note("a"), note("b"))
        assert order == ["a", "b"]

    assert replay(wrong).error is None
    assert explore(wrong).failed
