"""Results of several processes as one."""

from dataclasses import replace

import pytest

from asyncweb.errors import LoadError
from asyncweb.loadtest.second import Second, before_zero
from asyncweb.metrics.histogram import Histogram
from tests.loadtest.results import closed, open_loop, seconds


def test_what_is_counted_is_added():
    one = open_loop(
        errors={"reset": 1, "4xx": 2}, dropped=3, unanswered=4, sent_bytes=10, received_bytes=20,
        connects=Histogram([0.1]), seconds=seconds(3, 4, errors=1),
    )  # fmt: skip
    other = open_loop(
        errors={"reset": 5}, unanswered=5, connects=Histogram([0.2]), seconds=seconds(1, 1, 1)
    )
    both = one + other
    assert both == one.merge(other)
    assert (both.requests, both.connections, both.duration_s) == (4000, 20, 2.0)
    assert (both.errors, both.dropped) == ({"reset": 6, "4xx": 2}, 3)
    assert both.unanswered == 9
    assert (both.sent_bytes, both.received_bytes) == (10, 20)
    assert both.latency == one.latency + other.latency
    assert (both.service.count, both.slips.count, both.connects.count) == (4000, 4000, 2)
    assert both.throughput_rps == one.throughput_rps + other.throughput_rps
    assert [(second.requests, second.errors) for second in both.seconds] == [(4, 1), (5, 1), (1, 0)]
    assert both.schedule == "1000 requests/s", "of which each had its share"
    assert both.is_open


def test_warm_ups_are_added_too():
    part = closed(warm_up_s=2.0, warm_up_requests=3, warm_up=before_zero(seconds(1, 2)))
    both = part + part
    assert (both.warm_up_s, both.warm_up_requests) == (2.0, 6)
    assert [(second.at_s, second.requests) for second in both.warm_up] == [(-2, 2), (-1, 4)]
    assert both.to_dict()["warm_up"]["requests"] == 6


def test_a_merged_second_has_the_percentiles_of_all_its_answers():
    one = closed(seconds=(Second(0, 0, Histogram([0.1] * 98)),))
    other = closed(seconds=(Second(0, 0, Histogram([0.5] * 2)),))
    (second,) = (one + other).seconds
    assert second.latency == Histogram([0.1] * 98 + [0.5] * 2)
    assert second.p99_s > 0.49 > second.p50_s


def test_the_worst_process_tells_of_the_load_generator():
    both = closed(client_cpu=0.9) + closed(client_lag_s=0.2, interrupted=True)
    assert (both.client_cpu, both.client_lag_s, both.interrupted) == (0.9, 0.2, True)
    assert both.limited_by == "client CPU"


def test_a_share_of_time_is_weighted_by_that_time():
    one, other = closed(busy_share=1.0, duration_s=3.0), closed(busy_share=0.2, duration_s=1.0)
    both = one + other
    assert both.busy_share == pytest.approx(0.8)
    assert both.duration_s == 3.0
    assert (closed(0, duration_s=0.0) + closed(0, duration_s=0.0)).busy_share == 1.0


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (replace(closed(), target="http://there/"), "http://here/ and http://there/ are two"),
        (open_loop(), "one loop is open and the other one closed"),
        (closed(think_s=1.0), "think_s is 0.0 and 1.0"),
    ],
)
def test_what_does_not_belong_together_is_not_merged(other, told):
    with pytest.raises(LoadError) as caught:
        closed().merge(other)
    assert told in str(caught.value)
    assert "use compare for two loads" in str(caught.value)


def test_only_a_result_can_be_added_to_a_result():
    with pytest.raises(TypeError, match="unsupported operand"):
        closed() + 3
