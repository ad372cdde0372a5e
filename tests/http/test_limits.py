"""Limits: numbers above 0, on by default, tighter or looser at once."""

import math
from dataclasses import fields

import pytest

from asyncweb.http.limits import Limits


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
@pytest.mark.parametrize("value", [0, -1, math.nan, "x", None, True])
def test_every_limit_is_a_number_above_0(name, value):
    with pytest.raises(ValueError, match=rf"Limits\({name}={value!r}\): expected a number above 0"):
        Limits(**{name: value})


def test_the_limits_of_the_documentation_are_on_by_default():
    limits = Limits()
    assert (limits.target_bytes, limits.head_bytes, limits.header_count) == (8192, 32768, 100)
    assert (limits.body_bytes, limits.pipelined_requests) == (16 * 2**20, 16)
    assert (limits.idle_s, limits.head_s, limits.body_s, limits.write_s) == (25, 20, 20, 20)


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_strict_allows_no_more_than_the_default_and_relaxed_no_less(name):
    strict, default, relaxed = Limits.strict(), Limits(), Limits.relaxed()
    spread = [getattr(limits, name) for limits in (strict, default, relaxed)]
    is_a_demand = name.endswith("_per_s")
    assert spread == sorted(spread, reverse=is_a_demand)
    assert spread[0] != spread[2]


@pytest.mark.parametrize("make", [Limits.strict, Limits.relaxed])
def test_a_set_of_limits_takes_changes(make):
    assert make(idle_s=60).idle_s == 60
    with pytest.raises(ValueError, match=r"Limits\(idle_s=0\): expected a number above 0"):
        make(idle_s=0)
