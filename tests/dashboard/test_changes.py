"""What became different is told once, in JSON, and whoever knew the rest knows it all again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asyncweb.dashboard.changes import change, changed, plain
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.snapshot import Snapshot, Track
from asyncweb.metrics.turn import Turn


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Mark:
    label: str
    at_s: float = 0.0


@dataclass(frozen=True)
class Later:
    """Every kind of field that a view may get."""

    at_s: float
    count: int | None = None
    is_on: bool = False
    word: str = ""
    colour: Colour = Colour.RED
    marks: tuple[Mark, ...] = ()
    pair: tuple[int, str] = (0, "")
    by_number: Mapping[int, float | None] = field(default_factory=dict)
    nested: Mapping[str, Mark] = field(default_factory=dict)
    mark: Mark | None = None
    latency: Histogram = field(default_factory=Histogram)
    anything: Any = None


def told(hint, before, now):
    return changed(hint, before, json.loads(json.dumps(change(before, now))))


FLOATS = st.floats(0, 3600).map(lambda value: float(f"{value:.6g}"))
TEXTS = st.text(max_size=5)
MARKS = st.builds(Mark, TEXTS, FLOATS)
LATERS = st.builds(
    Later,
    at_s=FLOATS,
    count=st.none() | st.integers(),
    is_on=st.booleans(),
    word=TEXTS,
    marks=st.lists(MARKS, max_size=3).map(tuple),
    pair=st.tuples(st.integers(), TEXTS),
    by_number=st.dictionaries(st.integers(0, 5), st.none() | FLOATS, max_size=3),
    nested=st.dictionaries(TEXTS, MARKS, max_size=3),
    mark=st.none() | MARKS,
    latency=st.lists(st.sampled_from([0.25, 0.5, 8.0, 16.0]), max_size=5).map(Histogram),
    anything=st.none() | TEXTS | st.lists(st.integers()) | st.dictionaries(TEXTS, st.integers()),
)


@given(LATERS, st.none() | LATERS)
def test_whoever_knew_the_one_knows_the_other_by_what_changed(now, before):
    assert told(Later, before, now) == now


@given(LATERS)
def test_nothing_is_told_of_what_has_not_changed(value):
    assert change(value, value) == {}


def test_figures_have_six_digits_and_a_difference_beyond_them_is_none():
    now = told(Snapshot, None, Snapshot(at_s=1.23456789))
    assert now.at_s == 1.23457
    assert change(now, Snapshot(at_s=1.2345678)) == {}


def test_rounding_does_not_add_up():
    known, latency = None, Histogram()
    for number in range(1000):
        latency.record(0.01 + number * 1e-7)
        known = told(Snapshot, known, Snapshot(at_s=number, latency=latency.copy()))
    assert known.latency.count == 1000
    assert known.latency.total == pytest.approx(latency.total, rel=1e-5)


def test_a_histogram_that_begins_anew_is_told_like_any_other():
    full = Histogram([0.01] * 100 + [0.5])
    empty = told(Histogram, full, Histogram())
    assert empty == Histogram()
    assert empty.min == float("inf")


def test_what_is_not_known_is_passed_over_and_what_is_not_told_has_its_default():
    assert changed(Mark, None, {"label": "a", "of a newer version": [1]}) == Mark("a")


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (Snapshot, {}),  # without its moment
        (Snapshot, {"at_s": "1"}),
        (Snapshot, {"at_s": True}),
        (Snapshot, {"at_s": float("inf")}),
        (Snapshot, {"at_s": 1, "latency": {"counts": {"99999": "1"}}}),
        (Snapshot, {"at_s": 1, "latency": {"counts": {"9": "(x)"}}}),
        (Snapshot, {"at_s": 1, "errors": {"reset": "1"}}),
        (Track, {"name": "a", "engine": "b", "snapshots": [1, 2]}),
        (Turn, []),
        (tuple[int, str], [[1]]),
        (Colour, "blue"),
    ],
)
def test_what_cannot_have_been_told_is_refused(hint, value):
    with pytest.raises((TypeError, ValueError)):
        changed(hint, None, value)


def test_plain_is_all_of_it_for_those_who_read_no_recordings():
    value = Later(1.0, marks=(Mark("a"),), nested={"b": Mark("c")}, latency=Histogram([0.5]))
    found = json.loads(json.dumps(plain(value)))
    assert found.keys() == {part.name for part in fields(Later)}
    assert found["marks"] == [{"label": "a", "at_s": 0.0}]
    assert found["nested"] == {"b": {"label": "c", "at_s": 0.0}}
    assert found["latency"] == Histogram([0.5]).to_dict()
