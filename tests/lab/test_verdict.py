"""The verdict on figures that are given here, nothing being measured."""

from dataclasses import replace

import pytest

from asyncweb import load
from asyncweb.errors import LoadError
from asyncweb.lab.report import Measured, Report
from asyncweb.lab.verdict import silence
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.rounds import Rounds
from asyncweb.loadtest.second import Second
from asyncweb.metrics.histogram import Histogram


def measured(name, requests, **errors):
    latency = Histogram([0.1] * requests)
    result = Result(f"http://{name}/", 9, 1.0, requests, 0, latency, errors)
    return Measured(name, "url", result.target, 9, Rounds([result]))


@pytest.mark.parametrize(
    ("requests", "errors", "sentence"),
    [
        (6, {"4xx": 6}, "None of 6 answers of one was a success (4xx 6). "),
        (
            1000,
            {"4xx": 900, "5xx": 98},
            "2 of 1,000 answers of one were a success (4xx 900, 5xx 98). ",
        ),
        (3, {"5xx": 2, "reset": 7}, "1 of 3 answers of one was a success (5xx 2). "),
        (3, {"reset": 7}, ""),
        (3, {}, ""),
    ],
)
def test_answers_that_are_no_success_are_told_before_any_rate(requests, errors, sentence):
    one = measured("one", requests, **errors)
    assert Report((one,)).verdict.startswith(f"{sentence}With 9 connections one answered")
    words = " ".join(repr(one).split())
    assert sentence.strip() in words
    assert ("success" in words) == bool(sentence)


def test_of_two_servers_each_is_told_whose_answers_are_no_success():
    servers = (
        measured("one", 6, **{"4xx": 6}),
        measured("other", 6),
        measured("third", 2, **{"5xx": 1}),
    )
    assert Report(servers).verdict.startswith(
        "None of 6 answers of one was a success (4xx 6). "
        "1 of 2 answers of third was a success (5xx 1). With 9 "
    )


def test_who_answers_nothing_is_told_with_the_reason_and_what_to_try():
    assert silence(measured("one", 0, reset=7)) == (
        "one answered nothing (reset 7); look there, or try: curl -v http://one/"
    )
    assert "(no request failed either)" in silence(measured("one", 0))


def test_a_server_that_hangs_is_told_by_what_is_still_waited_for():
    one = measured("one", 3)
    seconds = [Second(0, 0, Histogram([0.1] * 3)), *(Second(at, 0, Histogram()) for at in (1, 2))]
    hung = replace(one.result, seconds=tuple(seconds), unanswered=9)
    assert silence(replace(one, rounds=Rounds([hung]))) == (
        "one answered nothing from 1 s on (still waited for 9); look there, or try: "
        "curl -v http://one/"
    )
    slow = replace(hung, latency=Histogram([1.5] * 3))
    assert silence(replace(one, rounds=Rounds([slow]))) == ""


def test_a_load_has_one_result_and_a_race_has_several():
    one = measured("one", 6)
    assert one.result.requests == 6
    several = replace(one, rounds=Rounds(one.rounds.results * 2))
    with pytest.raises(LoadError, match=r"one has several results; take one of rounds\.results"):
        _ = several.result


def raced(name, *rates):
    def took(rate):
        return Result(f"http://{name}/", 9, 1.0, rate, 0, Histogram([0.1] * rate))

    return replace(measured(name, 1), rounds=Rounds([took(rate) for rate in rates]))


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ([300] * 4, [100] * 4, "one answered 300/s, other 100/s: 3.0 times as many."),
        ([112] * 4, [100] * 4, "one answered 112/s, other 100/s: 1.1 times as many."),
        ([109] * 4, [100] * 4, "other 100/s, and either may differ from itself 1.10 times."),
        ([200, 100, 200, 100], [100] * 4, "other 100/s, and either may differ from itself 2.00"),
        ([150] * 2, [100] * 2, "one answered 150/s, other 100/s: 1.5 times as many."),
        ([140] * 2, [100] * 2, "other 100/s, and either may differ from itself 1.44 times."),
        ([300, 100], [90, 90], "other 90.0/s, and either may differ from itself 3.00 times."),
        ([300], [100], "other 100/s, and there is too little to know the noise."),
        ([300] * 4, [0] * 4, "one answered 300/s."),  # who answered nothing is told elsewhere
    ],
)
def test_a_race_and_a_comparison_know_the_same_noise(one, other, told):
    servers = raced("one", *one), raced("other", *other)
    assert told in Report(servers).verdict
    if all(other):
        throughput = load.compare(*servers).figures[0]
        assert throughput.is_plain == ("as many" in told)


def test_a_server_that_answers_no_more_is_told_from_when_on():
    one = measured("one", 3, reset=7, connect=90)
    seconds = (Second(0, 0, Histogram([0.1] * 3)), Second(1, 7, Histogram()))
    for last, told in ((Second(2, 90, Histogram()), True), (Second(2, 0, Histogram([1.0])), False)):
        result = replace(one.result, seconds=(*seconds, last))
        died = replace(one, rounds=Rounds([result]))
        words = "one answered nothing from 1 s on (connect 90, reset 7); look there, or try: "
        assert silence(died) == (f"{words}curl -v http://one/" if told else "")
