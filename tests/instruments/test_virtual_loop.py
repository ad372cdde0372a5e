"""An hour passes in a moment and exactly; what would really wait is named."""

import asyncio
import socket
import time
from time import sleep as nap

import pytest

from asyncweb.errors import Deadlock, RealWait
from asyncweb.instruments import VirtualLoop, run_in_virtual_time


def now():
    return asyncio.get_running_loop().time()


def test_a_sleep_of_a_year_ends_at_once_a_year_later():
    async def main():
        await asyncio.sleep(365 * 86_400)
        return now()

    assert run_in_virtual_time(main()) == 365 * 86_400


def test_sleeps_end_in_the_order_of_their_times():
    async def main():
        order = []

        async def wake(after):
            await asyncio.sleep(after)
            order.append((after, now()))

        await asyncio.gather(*map(wake, (3, 0.5, 2)))
        return order

    assert run_in_virtual_time(main()) == [(0.5, 0.5), (2, 2), (3, 3)]


def test_a_timeout_comes_exactly_when_it_is_due():
    async def main():
        for seconds in (0.1, 0.25, 3600):
            began = now()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(seconds):
                    await asyncio.Event().wait()
            assert now() - began == pytest.approx(seconds, abs=1e-9)

    run_in_virtual_time(main())


def test_no_time_passes_while_somebody_can_run():
    async def main():
        for _ in range(1000):
            await asyncio.sleep(0)
        return now()

    assert run_in_virtual_time(main()) == 0


def test_it_works_where_a_loop_is_running_already():
    async def cell():
        return run_in_virtual_time(asyncio.sleep(3600, "tea"))

    assert asyncio.run(cell()) == "tea"


def test_gather_does_not_cancel_the_others():
    async def main():
        done = []

        async def slow():
            await asyncio.sleep(10)
            done.append(now())

        async def fails():
            await asyncio.sleep(1)
            raise LookupError

        with pytest.raises(LookupError):
            await asyncio.gather(slow(), fails())
        assert (now(), done) == (1, [])
        await asyncio.sleep(20)
        return done

    assert run_in_virtual_time(main()) == [10]


@pytest.mark.parametrize("sleep", [time.sleep, nap])
def test_a_real_sleep_is_refused_at_its_line_whatever_its_name(sleep):
    async def careless():
        sleep(3600)

    with pytest.raises(RealWait, match=r"time\.sleep in .*careless, line \d+") as refused:
        run_in_virtual_time(careless())
    assert any("sleep(3600)" in str(entry.statement) for entry in refused.traceback)


def test_a_refusal_that_is_swallowed_is_told_all_the_same():
    async def stubborn():
        for _ in range(2):
            try:
                time.sleep(3600)
            except RealWait:
                await asyncio.sleep(0)
        return "done"

    with pytest.raises(RealWait):
        run_in_virtual_time(stubborn())


def test_a_blocking_socket_is_refused():
    async def main():
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.recv(1)

    with pytest.raises(RealWait, match=r"socket\.recv in .*main"):
        run_in_virtual_time(main())


async def connect():
    await asyncio.open_connection("127.0.0.1", 9)


async def listen():
    await asyncio.start_server(print, "127.0.0.1", 0)


async def read():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        await asyncio.get_running_loop().sock_recv(ours, 1)


@pytest.mark.parametrize(
    ("waits", "told"),
    [(connect, "loop.create_connection"), (listen, "loop.create_server"), (read, "a wait for a")],
)
def test_real_input_and_output_is_refused(waits, told):
    with pytest.raises(RealWait, match=told):
        run_in_virtual_time(waits())


def test_the_clock_stands_still_while_a_thread_works():
    async def main():
        timer = asyncio.create_task(asyncio.sleep(0.001))
        assert await asyncio.to_thread(sum, range(1000)) == 499_500
        assert now() == 0
        await timer

    run_in_virtual_time(main())


def test_a_deadlock_names_who_waits_and_where():
    async def locked(first, second):
        async with first:
            await asyncio.sleep(1)
            async with second:  # never
                pass

    async def main():
        one, other = asyncio.Lock(), asyncio.Lock()
        await asyncio.gather(locked(one, other), locked(other, one))

    with pytest.raises(Deadlock) as found:
        run_in_virtual_time(main())
    told = str(found.value)
    assert told.count("async with second:  # never") == 2
    assert "main at line" in told


def test_time_sleep_works_again_after_it():
    run_in_virtual_time(asyncio.sleep(1))
    time.sleep(0)


def test_it_is_a_loop_like_any_other():
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:

        async def main():
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(asyncio.sleep(n, n)) for n in range(3)]
            return [task.result() for task in tasks]

        assert runner.run(main()) == [0, 1, 2]
        assert runner.run(asyncio.sleep(1, "again")) == "again"
        assert runner.get_loop().time() == 3
