"""Who held the loop is named by its line, on uvloop as on asyncio's own loop."""

import asyncio
import threading
import time

import pytest

from asyncweb.errors import InstrumentError
from asyncweb.instruments import LoopWatch, run_in_virtual_time
from asyncweb.servers.event_loop import new_event_loop

BLOCK_S = 0.5  # found surely from 0.3 s on


@pytest.fixture(params=["uvloop", "asyncio"])
def run(request, monkeypatch):
    monkeypatch.setenv("ASYNCWEB_LOOP", "asyncio" if request.param == "asyncio" else "")
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        yield runner.run


def test_a_real_block_is_found_while_it_lasts_by_its_line(run):
    async def careless():
        until = time.monotonic() + BLOCK_S
        while time.monotonic() < until:
            pass

    async def main():
        with LoopWatch() as watch:
            await careless()
            await asyncio.sleep(0.06)  # a heartbeat
        return watch

    watch = run(main())
    block = watch.blocks[0]  # a busy machine may add one of its own
    assert block.function.endswith("careless")
    assert block.file == __file__
    assert block.code in ("while time.monotonic() < until:", "pass")
    assert block.seconds >= 0.15
    assert watch.lag_s >= 0.1
    assert "careless held the loop for" in str(watch)


def test_who_waits_properly_holds_nothing(run):
    async def main():
        with LoopWatch() as watch:
            await asyncio.sleep(0.12)
        return watch

    watch = run(main())
    assert watch.blocks == []
    assert watch.beats >= 1
    assert "nothing held the loop" in str(watch)


def student_blocks(sleep):
    sleep(30)


def test_the_stand_in_for_sleep_finds_a_block_without_waiting_for_it(run):
    async def main():
        with LoopWatch() as watch:
            student_blocks(watch.sleep)
        return watch

    (block,) = run(main()).blocks
    assert (block.function, block.seconds, block.code) == ("student_blocks", 30, "sleep(30)")


def test_a_timeout_around_a_blocking_call_changes_nothing(run):
    async def blocks(sleep):
        sleep(30)

    async def main():
        with LoopWatch() as watch:
            await asyncio.wait_for(blocks(watch.sleep), 1)
        return watch

    assert len(run(main()).blocks) == 1


def test_in_a_thread_the_stand_in_holds_nobody(run):
    async def main():
        with LoopWatch() as watch:
            await asyncio.gather(*(asyncio.to_thread(watch.sleep, 30) for _ in range(3)))
        return watch

    watch = run(main())
    assert (watch.blocks, watch.slept) == ([], 3)


def test_a_loop_that_never_comes_while_a_thread_works_is_told(run, monkeypatch):
    monkeypatch.setattr("asyncweb.instruments.loop_watch.PATIENCE_S", 0.01)

    async def main():
        failed = []

        def work(watch):
            try:
                watch.sleep(1)
            except InstrumentError as error:
                failed.append(str(error))

        with LoopWatch() as watch:
            thread = threading.Thread(target=work, args=(watch,))
            thread.start()
            thread.join()  # this holds the loop
        return failed

    (told,) = run(main())
    assert "the loop had no turn" in told


def test_virtual_time_has_no_lag_to_watch():
    async def main():
        with LoopWatch():
            pass

    with pytest.raises(InstrumentError, match="use one of the two"):
        run_in_virtual_time(main())


def test_it_leaves_no_thread_behind(run):
    before = threading.active_count()

    async def main():
        with LoopWatch():
            await asyncio.sleep(0)

    run(main())
    assert threading.active_count() == before
