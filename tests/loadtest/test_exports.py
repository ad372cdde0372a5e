"""What is written is what was found, in formats that others read."""

import csv
import json

import pytest

from asyncweb.errors import LoadError
from asyncweb.loadtest.exports import WRITERS
from asyncweb.metrics.histogram import Histogram
from tests.loadtest.results import closed, open_loop, seconds


@pytest.fixture
def result():
    return open_loop(
        latency=Histogram([0.001] * 990 + [0.1] * 10), requests=1000, seconds=seconds(400, 600),
        dropped=7, unanswered=8, sent_bytes=50, received_bytes=60, connects=Histogram([0.002]),
    )  # fmt: skip


def test_the_dictionary_tells_everything_in_seconds_and_bytes(result):
    found = result.to_dict()
    assert found["bytes"] == {"sent": 50, "received": 60}
    assert (found["dropped"], found["schedule"]) == (7, "1000 requests/s")
    assert found["unanswered"] == 8
    assert found["service_s"]["max"] == 0.010
    assert found["slip_s"]["max"] == 0.0001
    assert found["connect_s"]["max"] == 0.002
    assert [entry["percentile"] for entry in found["percentiles"]][-3:] == [99, 99.9, 99.99]
    assert found["percentiles"][4]["beyond"] == 10
    assert [second["requests"] for second in found["seconds"]] == [400, 600]


def test_what_was_not_measured_is_null_and_no_format_fails_for_it():
    nothing = closed(0)
    found = json.loads(WRITERS[".json"](nothing))
    assert found["latency_s"] == found["slip_s"] == dict.fromkeys(("p50", "p90", "p99", "max"))
    assert found["percentiles"] == []
    assert "Total count    =            0]" in nothing.to_hgrm()
    assert len(nothing.to_csv().splitlines()) == 1
    assert len(nothing.to_ndjson().splitlines()) == 1


def test_ndjson_has_a_line_for_each_second_and_one_for_the_whole(result):
    *lines, last = map(json.loads, result.to_ndjson().splitlines())
    assert [(line["kind"], line["at_s"]) for line in lines] == [("second", 0), ("second", 1)]
    whole = result.to_dict()
    del whole["seconds"]
    assert last == {"kind": "summary", **json.loads(json.dumps(whole))}


def test_csv_is_the_table_of_seconds(result):
    rows = list(csv.DictReader(result.to_csv().splitlines()))
    assert [(row["at_s"], row["requests"], row["errors"]) for row in rows] == [
        ("0", "400", "0"), ("1", "600", "0"),
    ]  # fmt: skip
    assert float(rows[0]["p99_s"]) == 0.010
    assert closed(seconds=seconds(0)).to_csv().splitlines()[1] == "0,0,0,,,"


def test_hgrm_is_read_as_the_plotter_of_hdrhistogram_reads_it(result):
    head, *lines = result.to_hgrm().splitlines()
    assert head.split() == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"]
    points = [line.split() for line in lines if line and not line.startswith("#")]
    assert all(len(point) == 4 for point in points)
    assert [[float(field) for field in point] for point in points] == [
        [1.0, 0.99, 990, 100.0],
        [100.0, 1.0, 1000, float("inf")],
    ]
    assert [line.split()[0] for line in lines if line.startswith("#")] == [
        "#[Mean", "#[Max", "#[Buckets",
    ]  # fmt: skip
    assert "#[Mean    =        1.990, StdDeviation   =        9.850]" in lines


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_file_is_written_as_its_suffix_says(tmp_path, result, suffix):
    path = tmp_path / f"found{suffix.upper()}"
    result.write(path)
    assert path.read_text() == WRITERS[suffix](result)


@pytest.mark.parametrize("name", ["found.xls", "found", ".json"])
def test_a_suffix_that_is_not_known_is_answered_with_those_that_are(tmp_path, name, result):
    with pytest.raises(LoadError, match=r"ends in \.json, \.ndjson, \.csv, \.hgrm"):
        result.write(tmp_path / name)
    assert not list(tmp_path.iterdir())
