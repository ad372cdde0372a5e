"""Values drawn at random: in the shares that were written, and nothing that was not."""

from collections import Counter
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from asyncweb.lab.mixture import PERCENT, SIZE, STATUS, TIME, Mixture

DRAWS = 1000
NONE = -1.0


class Wheel(Random):
    """Goes round evenly: each share of its values comes exactly as often as it should."""

    def __init__(self, steps):
        super().__init__(0)
        self.steps, self.at = steps, 0

    def random(self):
        self.at += 1
        return (self.at % self.steps + 0.5) / self.steps


class Stuck(Random):
    """Gives the same number for ever; Mixture's first draw is for the part, its second within."""

    def __init__(self, number):
        super().__init__(0)
        self.number = number

    def random(self):
        return self.number


def counts(text, quantity=TIME):
    mixture, wheel = Mixture.read(text, quantity), Wheel(DRAWS)
    found = Counter()
    for step in range(DRAWS):
        wheel.at = step  # a draw within a part takes numbers too
        found[mixture.draw(wheel, default=NONE)] += 1
    return dict(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10ms", {0.01: 1000}),
        ("10ms:90,1s:10", {0.01: 900, 1.0: 100}),
        ("10ms:5", {0.01: 50, NONE: 950}),
        ("1s:10,2ms", {1.0: 100, 0.002: 900}),
        ("1s:10,2ms,3ms", {1.0: 100, 0.002: 450, 0.003: 450}),
        ("1ms,2ms", {0.001: 500, 0.002: 500}),
        ("1ms:0.5,2ms:0", {0.001: 5, NONE: 995}),
        ("1ms:100,2ms", {0.001: 1000}),
        ("1ms:33.3,2ms:33.3,3ms:33.4", {0.001: 333, 0.002: 333, 0.003: 334}),
        ("0s", {0.0: 1000}),
    ],
)
def test_each_part_gets_its_percentage_and_the_rest_of_the_draws_the_default(text, expected):
    assert counts(text) == expected


def test_statuses_and_sizes_are_drawn_the_same_way():
    assert counts("503:5,429:1", STATUS) == {503: 50, 429: 10, NONE: 940}
    assert counts("2B:50,1KB,1.5KiB,2MB,1MiB:20", SIZE) == {
        2: 500, 1000: 100, 1536: 100, 2_000_000: 100, 2**20: 200,
    }  # fmt: skip


@pytest.mark.parametrize(("at", "value_s"), [(0.0, 0.01), (0.25, 0.02), (0.5, 0.03), (0.75, 0.04)])
def test_a_range_is_drawn_evenly_from_end_to_end(at, value_s):
    drawn_s = Mixture.read("10ms-50ms", TIME).draw(Stuck(at), default=NONE)
    assert drawn_s == pytest.approx(value_s)


def test_an_exponential_part_has_its_mean_and_no_memory():
    mixture, chance = Mixture.read("exp:20ms", TIME), Random(1)
    drawn_s = [mixture.draw(chance, default=NONE) for _ in range(20_000)]
    assert sum(drawn_s) / len(drawn_s) == pytest.approx(0.02, rel=0.03)
    for times, share in ((1, 0.3679), (2, 0.1353), (3, 0.0498)):
        assert sum(wait > 0.02 * times for wait in drawn_s) / len(drawn_s) == pytest.approx(
            share, rel=0.1
        )


def test_an_exponential_part_never_exceeds_what_may_be_asked_for():
    mixture = Mixture.read("exp:60s", TIME)
    assert max(mixture.draw(Random(seed), default=NONE) for seed in range(99)) == 60.0


@given(st.integers(), st.floats(0, 60), st.floats(0, 60), st.integers(0, 100))
def test_what_is_drawn_lies_between_the_ends_that_were_written(seed, one, other, percent):
    low, high = sorted((f"{one:.6f}", f"{other:.6f}"), key=float)
    mixture = Mixture.read(f"{low}s-{high}s:{percent},exp:1ms:0", TIME)
    drawn_s = mixture.draw(Random(seed), default=NONE)
    assert drawn_s == NONE or float(low) <= drawn_s <= float(high)
    assert drawn_s == mixture.draw(Random(seed), default=NONE), "the same generator, the same value"


@given(st.text("0159.-:,/ exp+msuBKiM٣", max_size=20))
def test_any_text_is_either_drawn_from_within_the_limits_or_refused_with_its_place(text):
    for quantity in (TIME, SIZE, STATUS, PERCENT):
        try:
            mixture = Mixture.read(text, quantity)
        except ValueError as error:
            assert "expected" in str(error)
            continue
        assume(mixture.parts)
        drawn = mixture.draw(Random(3), default=quantity.least)
        assert quantity.least <= drawn <= quantity.most


@pytest.mark.parametrize(
    ("text", "quantity", "told"),
    [
        ("10", TIME, "'10': expected a time with its unit (us, ms, s), at most 60s"),
        ("10MS", TIME, "'10MS': expected a time"),
        ("", TIME, "'': expected a time"),
        ("61s", TIME, "'61s': expected a time with its unit (us, ms, s), at most 60s"),
        ("-5ms", TIME, "'': expected a time"),
        ("1e3ms", TIME, "'1e3ms': expected a time"),
        ("nan", TIME, "'nan': expected a time"),
        ("٣s", TIME, "'٣s': expected a time"),
        ("10ms,", TIME, "'': expected a time"),
        ("10ms-", TIME, "'': expected a time"),
        ("50ms-10ms", TIME, "'50ms-10ms': expected the smaller one first, 10ms-50ms"),
        ("exp:", TIME, "'': expected a time"),
        ("exp:20ms-30ms", TIME, "'20ms-30ms': expected a time"),
        ("10ms:x", TIME, "'x': expected a percentage from 0 to 100"),
        ("10ms:", TIME, "'': expected a percentage"),
        ("10ms:101", TIME, "'101': expected a percentage"),
        ("10ms:90,1s:20", TIME, "110 percent: expected at most 100 in all"),
        ("1GiB", SIZE, "'1GiB': expected a size with its unit (B, KB, KiB, MB, MiB), at most"),
        ("17MiB", SIZE, "at most 16MiB"),
        ("199", STATUS, "'199': expected a status from 200 to 599"),
        ("503.5", STATUS, "'503.5': expected a status"),
        ("500-503", STATUS, "'500-503': expected a status"),
        ("exp:503", STATUS, "'exp': expected a status"),
    ],
)
def test_what_was_not_understood_is_told_with_what_was_expected(text, quantity, told):
    with pytest.raises(ValueError) as caught:
        Mixture.read(text, quantity)
    assert told in str(caught.value)
