"""What a worker tells a Locust master: all of it, and each answer once."""

import subprocess
import sys
from collections import Counter

import pytest

from asyncweb.errors import LoadError
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.locust.address import Address
from asyncweb.loadtest.locust.table import Table, milliseconds
from asyncweb.loadtest.locust.wire import FORMAT, from_wire, partial, to_wire
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.metrics.histogram import Histogram
from tests.loadtest.results import closed, open_loop, seconds

NOW = 1_700_000_000.0


def test_a_result_arrives_as_it_was_sent():
    result = open_loop(
        errors={"reset": 1, "4xx": 2}, dropped=3, sent_bytes=10, received_bytes=20,
        connects=Histogram([0.1]), seconds=seconds(3, 4, errors=1),
    )  # fmt: skip
    assert from_wire(to_wire(result)) == result


@pytest.mark.parametrize(
    ("settings", "found"),
    [({}, closed()), ({"think_s": 0.5}, closed(think_s=0.5)),
     ({"arrivals": constant(1000)}, open_loop())],
    ids=["closed", "with think time", "open"],
)  # fmt: skip
def test_what_a_lost_worker_had_told_is_merged_with_what_another_found(settings, found):
    so_far = Progress(1.0, 3, 3.0, Histogram([0.010] * 3), {}, connected=1, in_flight=1)
    told = partial(so_far, Plan(found.target, **settings))
    both = found.merge(told)
    assert both.requests == found.requests + 3
    assert (both.schedule, both.think_s) == (found.schedule, found.think_s)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("garbage", "a worker reported str"),
        ({}, "reports in format None, and this is format 1"),
        ({"format": FORMAT + 1}, "install the same release of asyncweb"),
        ({"format": FORMAT}, "cannot be read: TypeError"),
        ({**to_wire(closed()), "latency": 7}, "cannot be read: TypeError.*latency=7"),
        ({**to_wire(closed()), "latency": {"histogram": {}}}, "cannot be read: KeyError"),
        ({**to_wire(closed()), "requests": "many"}, "cannot be read: TypeError.*requests='many'"),
        ({**to_wire(closed()), "seconds": [{"second": {}}]}, "cannot be read: TypeError"),
        ({**to_wire(closed()), "more": 1}, "unexpected keyword argument 'more'"),
    ],
)
def test_what_is_no_result_is_refused(data, told):
    with pytest.raises(LoadError, match=told):
        from_wire(data)


def test_the_sum_of_all_reports_is_what_was_found():
    table = Table("GET", "/", NOW)
    some = closed(latency=Histogram([0.0004] * 3), requests=3, errors={"5xx": 1})
    all_found = closed(
        latency=Histogram([0.0004] * 3 + [0.147] * 2), requests=5, errors={"5xx": 1, "reset": 2},
        received_bytes=90,
    )  # fmt: skip
    reports = [table.report(found, NOW + at) for at, found in enumerate((some, some, all_found))]
    rows = [row for report in reports for row in report["stats"]]
    assert [row["num_requests"] for row in rows] == [3, 0, 2]
    assert [row["num_failures"] for row in rows] == [1, 0, 2]
    assert sum((Counter(row["response_times"]) for row in rows), Counter()) == {0: 3, 150: 2}
    assert sum(row["total_response_time"] for row in rows) == pytest.approx(3 * 0.4 + 2 * 147)
    assert sum(row["total_content_length"] for row in rows) == 90
    assert [row["num_reqs_per_sec"] for row in rows] == [{NOW: 3}, {}, {NOW + 2: 2}]
    assert (rows[0]["min_response_time"], rows[2]["max_response_time"]) == (0.4, 147)
    assert [list(report["errors"]) for report in reports] == [["GET./.5xx"], [], ["GET./.reset"]]
    assert all(report["stats_total"]["num_requests"] == row["num_requests"]
               for report, row in zip(reports, rows, strict=True))  # fmt: skip


def test_what_was_seen_between_two_reports_counts_in_its_own_second():
    table = Table("GET", "/", NOW)
    table.see(closed(requests=3, latency_s=0.01), NOW)
    row = table.report(closed(requests=5, latency_s=0.01, errors={"5xx": 1}), NOW + 1)["stats"][0]
    assert (row["num_reqs_per_sec"], row["num_fail_per_sec"]) == (
        {NOW: 3, NOW + 1: 2},
        {NOW + 1: 1},
    )


def test_before_the_first_answer_there_is_no_time_to_tell():
    row = Table("GET", "/", NOW).report(closed(requests=0), NOW)["stats"][0]
    assert (row["min_response_time"], row["last_request_timestamp"]) == (None, None)


def test_times_are_rounded_as_locust_does_and_none_is_lost():
    times = milliseconds(Histogram([0.0004, 0.0147, 0.147, 3.432, 58.76]))
    assert times.keys() == {0, 15, 150, 3400, 59000}


@pytest.mark.parametrize("text", ["10.0.0.1:5557", "http://10.0.0.1", "locust://", "locust://h:x",
                                  "locust://h/path", "locust://h:99999"])  # fmt: skip
def test_what_is_no_address_of_a_master_is_told(text):
    with pytest.raises(LoadError, match=r"expected locust://HOST:PORT"):
        Address.read(text)


def test_a_master_loads_no_ssl_before_locust_which_patches_it():
    code = "import sys, asyncweb.loadtest.locust.master_process; print('ssl' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_neither_locust_nor_what_it_needs_is_loaded_by_whoever_asks_for_it():
    code = (
        "import sys, asyncweb.lab.machines; "
        "print({'locust', 'gevent', 'zmq', 'msgpack'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"
