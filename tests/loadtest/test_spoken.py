"""Durations, schedules and thresholds as they are written on a command line."""

import pytest

from asyncweb.errors import LoadError
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.spoken import schedule, seconds
from asyncweb.loadtest.threshold import Threshold
from asyncweb.metrics.histogram import Histogram


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("250ms", 0.25),
        ("10s", 10),
        ("2m", 120),
        ("1h", 3600),
        ("1.5", 1.5),
        (" .5 s ", 0.5),
        ("7us", 7e-6),
    ],
)
def test_a_duration_has_a_unit_or_is_in_seconds(text, value):
    assert seconds(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "s", "10 days", "-1s", "1e3", "1,5s"])
def test_what_is_no_duration_is_told_with_examples(text):
    with pytest.raises(LoadError, match="is no duration: expected"):
        seconds(text)


def test_a_replay_is_read_from_a_file(tmp_path):
    file = tmp_path / "moments.txt"
    file.write_text("# seconds\n0\n0.5\n\n2\n")
    assert list(schedule(f"replay:{file}").moments(0)) == [0.0, 0.5, 2.0]
    file.write_text("0\nsoon\n")
    with pytest.raises(LoadError, match=r"moments.txt:2: 'soon' is no number of seconds"):
        schedule(f"replay:{file}")
    with pytest.raises(OSError, match="No such file"):
        schedule(f"replay:{tmp_path}/none")


@pytest.mark.parametrize(
    "text",
    [
        "", "fast", "-5", "stages:", "stages:100", "stages:100x", "stages:ax5s", "spike:1,2",
        "sine:1..2", "square:5", "spike:1,2@5s", "sine:0..5/soon", "stages:5x0s",
    ],
)  # fmt: skip
def test_a_schedule_that_is_none_is_refused(text):
    with pytest.raises(LoadError, match="expected"):
        schedule(text)


def test_a_replay_is_not_made_random():
    with pytest.raises(LoadError, match="leave --random out"):
        schedule("replay:file", is_random=True)


def found(**more):
    latency = Histogram([0.010] * 98 + [0.300] * 2)
    return Result("/", 2, 2.0, 100, 0, latency, {"5xx": 1, "timeout": 2}, **more)


@pytest.mark.parametrize(
    ("text", "has_failed"),
    [
        ("p99 > 250ms", True),
        ("p99 > 400ms", False),
        ("p97.5 > 250ms", False),
        ("p50<=10.2ms", True),
        ("mean >= 15ms", True),
        ("max > 0.3", False),
        ("p100 >= 0.3", True),
        ("errors > 2", True),
        ("errors > 3%", False),
        ("errors > 2.9%", True),  # 3 of the 102 that were asked
        ("rps < 50", False),
        ("rps < 50.1", True),
        ("requests < 101", True),
        ("dropped > 0", False),
    ],
)
def test_a_threshold_says_what_must_not_be(text, has_failed):
    assert Threshold.read(text).has_failed(found()) is has_failed


def test_requests_that_were_never_sent_count_as_asked():
    assert Threshold.read("dropped > 1%").has_failed(found(dropped=2))
    assert Threshold.read("errors < 2%").has_failed(found(dropped=1000))
    assert Threshold.read("errors < 2%").has_failed(found(unanswered=1000))


@pytest.mark.parametrize("text", ["p99 > 1s", "mean < 1s", "max > 1s"])
def test_a_threshold_of_what_was_not_measured_has_failed(text):
    assert Threshold.read(text).has_failed(Result("/", 2, 2.0, 0, 0, Histogram()))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("p99", "is no threshold: expected e.g. 'p99 > 250ms'"),
        ("p99 = 5", "is no threshold"),
        ("p99 > soon", "'soon' is no value"),
        ("rps < many", "'many' is no value for rps; expected e.g. 'p99 > 250ms'"),
        ("rps < 90%", "'90%' is no value for rps"),
        ("requests > 5%", "'5%' is no value for requests"),
        ("errors > nan", "'nan' is no value for errors"),
        ("errors > nan%", "'nan%' is no value for errors"),
        ("dropped > inf", "'inf' is no value for dropped"),
        ("errors > -1", "'-1' is no value for errors"),
        ("errors > 5%%", "'5%%' is no value for errors"),
        ("p99 > 5%", "'5%' is no value for p99"),
        ("p999 > 1s", "there is no figure 'p999'; known: p50 to p99.99, mean, max"),
        ("speed < 1", "there is no figure 'speed'"),
    ],
)
def test_a_threshold_that_is_none_is_refused(text, told):
    with pytest.raises(LoadError) as caught:
        Threshold.read(text)
    assert told in str(caught.value)
