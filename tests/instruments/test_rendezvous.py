"""Callers get through together or not at all, and whoever tests them learns how many came."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from asyncweb.errors import InstrumentError, NotTogether
from asyncweb.instruments import Rendezvous, ScriptedClient, run_in_virtual_time
from asyncweb.servers.event_loop import new_event_loop

GET = b"GET /%d HTTP/1.1\r\nHost: test\r\n\r\n"


@pytest.fixture(params=["uvloop", "asyncio"])
def run(request, monkeypatch):
    monkeypatch.setenv("ASYNCWEB_LOOP", "asyncio" if request.param == "asyncio" else "")
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        yield runner.run


async def all_at_once(fetch, count):
    return await asyncio.gather(*map(fetch, range(count)))


async def one_by_one(fetch, count):
    return [await fetch(number) for number in range(count)]


def test_tasks_that_overlap_get_through_each_with_its_own_answer(run):
    meeting = Rendezvous(5)
    assert run(all_at_once(meeting, 5)) == [0, 1, 2, 3, 4]
    assert (meeting.came, meeting.most, meeting.reached) == (5, 5, True)


def test_who_comes_after_the_rendezvous_gets_through_alone(run):
    meeting = Rendezvous(2)
    run(all_at_once(meeting, 2))
    assert run(one_by_one(meeting, 3)) == [0, 1, 2]


def test_calls_one_after_the_other_are_told_that_one_came():
    meeting = Rendezvous(3)
    with pytest.raises(NotTogether, match="1 of 3 callers came within 5 s"):
        run_in_virtual_time(one_by_one(meeting, 3))
    assert (meeting.most, meeting.reached) == (1, False)


def test_everybody_inside_is_told_when_it_is_given_up_and_who_comes_later_at_once():
    async def main():
        meeting = Rendezvous(3, give_up_s=1)
        told = await asyncio.gather(meeting(), meeting(), return_exceptions=True)
        with pytest.raises(NotTogether):
            await meeting()
        return told, asyncio.get_running_loop().time()

    told, seconds = run_in_virtual_time(main())
    assert [type(error) for error in told] == [NotTogether, NotTogether]
    assert told[0] is not told[1]  # each has a traceback of its own
    assert seconds == 1


@pytest.mark.parametrize("places", [1, 3, 10])
def test_without_insisting_it_counts_how_many_are_inside_at_most(places):
    async def bounded(fetch, count):
        free = asyncio.Semaphore(places)

        async def one(number):
            async with free:
                return await fetch(number)

        return await asyncio.gather(*map(one, range(count)))

    meeting = Rendezvous(20, insists=False)
    assert run_in_virtual_time(bounded(meeting, 10)) == list(range(10))
    assert (meeting.most, meeting.came) == (places, 10)


def test_a_caller_that_is_cancelled_is_not_inside_any_more():
    async def main():
        meeting = Rendezvous(2)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(meeting(), 1)
        with pytest.raises(NotTogether, match="1 of 2"):
            await meeting()

    run_in_virtual_time(main())


def test_threads_get_through_together():
    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(Rendezvous(8).wait, range(8))) == list(range(8))


def test_a_pool_that_is_too_small_is_found_out():
    meeting = Rendezvous(3, give_up_s=0.5)
    with ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(meeting.wait) for _ in range(3)]
    assert all(isinstance(call.exception(), NotTogether) for call in calls)
    assert meeting.most == 2


def test_tasks_and_threads_meet_in_the_same_place(run):
    async def main():
        meeting = Rendezvous(2)
        return await asyncio.gather(meeting("task"), asyncio.to_thread(meeting.wait, "thread"))

    assert run(main()) == ["task", "thread"]


def test_over_http_an_answer_comes_when_enough_ask_at_once():
    with Rendezvous(3).serve() as url:
        clients = [ScriptedClient(url) for _ in range(3)]
        for number, client in enumerate(clients):
            client.send(GET % number)
        assert [client.answer().text for client in clients] == ["/0", "/1", "/2"]
        for client in clients:
            client.close()


def test_over_http_it_is_given_up_with_504_and_the_reason():
    with (
        Rendezvous(2, give_up_s=0.01).serve() as url,
        pytest.raises(HTTPError, match="504") as refused,
    ):
        urlopen(url)
    with refused.value as answer:
        assert b"1 of 2 callers came" in answer.read()


def test_a_server_that_ends_keeps_nobody_waiting():
    meeting = Rendezvous(2, give_up_s=3600)
    with meeting.serve():
        waiting = threading.Thread(target=pytest.raises, args=(NotTogether, meeting.wait))
        waiting.start()
    waiting.join(10)
    assert not waiting.is_alive()


def test_nobody_is_no_rendezvous():
    with pytest.raises(InstrumentError, match="expected 1 caller or more"):
        Rendezvous(0)
