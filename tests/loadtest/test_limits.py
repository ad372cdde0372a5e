"""What limited a run: each law is held by a result that breaks it and one that just does not."""

import pytest

from asyncweb.loadtest.limits import WORDS
from asyncweb.loadtest.second import Second
from asyncweb.metrics.histogram import Histogram
from tests.loadtest.results import closed, open_loop, seconds

STALLED = Histogram([0.010] * 1999 + [1.0])


@pytest.mark.parametrize(
    ("result", "limit"),
    [
        (closed(), "server"),
        (closed(busy_share=0.91), "server"),
        (closed(busy_share=0.89), "client"),
        (closed(busy_share=0.5, errors={"5xx": 1}), "server"),
        (closed(busy_share=0.5, think_s=0.005), "server"),  # the other half was thought
        (closed(busy_share=0.1, think_s=0.009), "think time"),
        (closed(busy_share=0.1, think_s=0.005), "client"),
        (closed(client_cpu=0.86), "client CPU"),
        (closed(client_cpu=0.85), "server"),
        (closed(client_lag_s=0.006), "client lag"),
        (closed(stolen_share=0.06), "noise"),
        (closed(stolen_share=0.05), "server"),
        (closed(stolen_share=0.06, client_lag_s=0.006), "noise"),  # the cause before the effect
        (closed(client_cpu=0.86, stolen_share=0.06), "client CPU"),
        (open_loop(stolen_share=0.06, slip_s=0.003), "noise"),
        (closed(seconds=seconds(100, 500, 100, 500)), "noise"),
        (closed(seconds=seconds(100, 120, 100, 110)), "server"),
        (closed(seconds=seconds(100, 500)), "server"),  # two tell nothing
        (closed(seconds=seconds(1, 0, 1, 0), latency=STALLED), "server"),
        (closed(seconds=seconds(100, 500, 100, 500), client_lag_s=0.006), "client lag"),
        (open_loop(seconds=seconds(100, 500, 100, 500)), "schedule"),  # it may ask for that
        (closed(client_lag_s=0.005), "server"),
        (closed(client_lag_s=0.02, latency_s=0.1), "server"),  # little beside the latency
        (closed(errors={"own ports": 1}), "ports"),
        (closed(errors={"own files": 1, "reset": 9}), "files"),
        (closed(errors={"timeout": 300}), "errors"),
        (closed(errors={"timeout": 200}), "server"),
        (closed(errors={"5xx": 2000}), "server"),  # whole answers
        (closed(seconds=(*seconds(100, 100), Second(2, 9, Histogram()))), "errors"),
        (closed(seconds=seconds(100, 100, 0), latency=STALLED), "server"),  # a stall
        (closed(seconds=seconds(100, 100, 0, 0), unanswered=10), "errors"),  # it hangs
        (closed(seconds=seconds(100, 100, 0, 0)), "noise"),  # nobody waited for it
        (closed(seconds=seconds(100, 100, 0), unanswered=10), "server"),  # not for long
        (closed(seconds=seconds(10, 10, 0, 0, 0), latency_s=3.0, unanswered=10), "server"),
        (open_loop(seconds=seconds(100, 100, 0, 0), unanswered=10), "errors"),
        (closed(0, errors={"connect": 3}), "errors"),
        (closed(0), "nothing was answered"),
        (open_loop(), "schedule"),
        (open_loop(busy_share=0.001), "schedule"),
        (open_loop(slip_s=0.003), "schedule slip"),
        (open_loop(latency_s=0.1, service_s=0.1, slip_s=0.003), "schedule"),
        (open_loop(client_cpu=0.9, slip_s=0.003), "client CPU"),  # the cause before the effect
        (open_loop(latency_s=0.020), "connections"),
        (open_loop(latency_s=0.012), "schedule"),
        (open_loop(latency_s=0.0016, service_s=0.001), "schedule"),  # the grain of timers
        (open_loop(dropped=30), "connections"),
        (open_loop(dropped=20), "schedule"),
        (open_loop(slips=Histogram(), service=Histogram()), "schedule"),  # not measured
    ],
)
def test_what_limited_a_run_follows_from_its_figures(result, limit):
    assert result.limited_by == limit
    assert limit in WORDS
    assert result.explain().startswith(WORDS[limit](result))


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (closed(), "the server: all 10 connections were waiting for it. In a closed loop"),
        (closed(client_cpu=0.97), "it used 97% of a core"),
        (closed(stolen_share=0.2), "noise: other machines on the same processors took 20% of"),
        (
            closed(seconds=seconds(100, 500, 100, 500)),
            "noise: its seconds answered 100/s to 500/s, and identical servers differ less",
        ),
        (closed(think_s=1.0, busy_share=0.01), "the think time of 1.00 s: no more was asked for"),
        (closed(errors={"own files": 1}), "raise the limit (ulimit -n)"),
        (closed(errors={"timeout": 300}), "300 of 2,300 requests got no whole answer (timeout 300"),
        (
            closed(seconds=seconds(100, 0, 0), unanswered=1000),
            "errors: from 1 s on no request was answered (still waited for 1,000). 1,000 requests "
            "were still waited for when the load was over; no latency tells of them",
        ),
        (closed(0, errors={"reset": 1}), "errors: no request was answered"),
        (closed(0), "the time: it ended before the first answer came"),
        (closed(), "Of 2,000 answers 20 lie beyond p99; its 95 % band is 10.0 ms to 10.0 ms"),
        (closed(requests=150), "Of 150 answers only 1 lies beyond p99: that is an anecdote"),
        (closed(requests=250), "Of 250 answers only 2 lie beyond p99"),
        (open_loop(), "no more than 1000 requests/s was asked for, and it was sent in time"),
        (
            open_loop(),
            "Both latencies are close: p99 is 10.0 ms from when a request was due and 10.0",
        ),
        (open_loop(latency_s=0.5), "all 10 were busy while more requests were due"),
        (open_loop(latency_s=0.5), "The two latencies differ: p99 is 500 ms from when a request"),
        (open_loop(latency_s=0.5), "(coordinated omission), a user does not; the load generator"),
        (open_loop(dropped=1234), "1,234 requests were due and never sent; no latency tells"),
        (open_loop(slip_s=0.004), "one request in 100 was sent 4.00 ms late, or later"),
    ],
)
def test_a_result_explains_itself(result, told):
    assert told in result.explain()


def test_what_was_waited_for_at_the_end_is_told_only_when_something_was():
    assert "waited for" in closed(unanswered=1).explain()
    assert "still waited" not in closed().explain()


def test_a_stall_in_a_closed_loop_is_called_by_its_name():
    latency = Histogram([0.010] * 1999 + [1.0])
    assert "One answer took 1.00 s. What would have been asked" in closed(latency=latency).explain()
    short = Histogram([0.001] * 1999 + [0.05])
    assert "One answer" not in closed(latency=short).explain()


def test_the_latencies_are_told_where_they_are_furthest_apart():
    latency = Histogram([0.001] * 800 + [0.100] * 180 + [0.200] * 20)
    service = Histogram([0.001] * 980 + [0.200] * 20)
    result = open_loop(requests=1000, latency=latency, service=service)
    assert "p90 is 100 ms from when a request was due and 1.00 ms" in result.explain()
