"""How a load stands while it runs, phase by phase, and that a warm-up is cut off."""

import asyncio

import pytest

from asyncweb import App, AsyncServer
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.client import Crowd
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Phase, Progress
from asyncweb.loadtest.pulse import Pulse
from asyncweb.metrics.histogram import Histogram


@pytest.fixture
def server():
    app = App()
    app.get("/")(lambda ctx: "Hello World")
    with AsyncServer(app) as server:
        yield server


def looked_at(plan, answers=20):
    """A progress of each phase after so many answers, and the result."""

    async def run():
        crowd = Crowd(plan)
        pulse, seen = Pulse(crowd), {crowd.phase: Pulse(crowd).progress()}

        async def look():
            while Phase.MEASURED not in seen:
                await asyncio.sleep(0.001)
                progress = pulse.progress()
                if progress.requests >= answers:
                    seen.setdefault(progress.phase, progress)
            crowd.over.set()

        looking = asyncio.get_running_loop().create_task(look())
        result = await crowd.run()
        await looking
        return seen, result

    return asyncio.run(run())


def test_the_answers_of_a_warm_up_are_told_apart_and_cut_off(server):
    seen, result = looked_at(Plan(server.url, connections=2, warm_up_s=0.1))
    assert list(seen) == [Phase.GATHERING, Phase.WARM_UP, Phase.MEASURED]
    warm, measured = seen[Phase.WARM_UP], seen[Phase.MEASURED]
    assert warm.warm_up_requests == 0, "they are counted as cut off when they are"
    assert measured.warm_up_requests >= warm.requests
    assert measured.at_s > 0.1 > warm.at_s > 0
    assert result.warm_up_requests == measured.warm_up_requests
    assert result.warm_up_s == pytest.approx(0.1)
    assert measured.requests <= result.requests
    assert measured.throughput_rps > 0


def test_without_a_warm_up_there_is_none(server):
    seen, result = looked_at(Plan(server.url, connections=2))
    assert Phase.WARM_UP not in seen
    assert (result.warm_up_s, result.warm_up_requests, result.warm_up) == (0.0, 0, ())


def test_an_open_loop_tells_both_latencies_and_how_late_it_sent(server):
    seen, _ = looked_at(Plan(server.url, connections=2, arrivals=constant(500)))
    measured = seen[Phase.MEASURED]
    assert measured.service.count == measured.latency.count
    assert measured.service.max <= measured.latency.max
    assert measured.slip_s is not None and measured.waiting >= 0


def test_a_closed_loop_has_one_latency_and_no_slip(server):
    measured = looked_at(Plan(server.url, connections=2))[0][Phase.MEASURED]
    assert measured.service.count == 0 and measured.slip_s is None
    assert measured.client_cpu > 0


def test_of_several_processes_the_worst_tells_of_the_generator():
    one = Progress(1.0, 1, 1.0, Histogram(), {}, 1, 0, Phase.WARM_UP, slip_s=0.1, client_cpu=0.9)
    other = Progress(1.1, 1, 1.0, Histogram(), {}, 1, 0, slip_s=0.3, client_lag_s=0.2, dropped=2)
    both = one + other
    assert (both.slip_s, both.client_cpu, both.client_lag_s) == (0.3, 0.9, 0.2)
    assert (both.phase, both.at_s, both.dropped) == (Phase.MEASURED, 1.1, 2)
