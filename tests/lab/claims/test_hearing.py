"""A trial in a notebook: what it says of systems that nobody has built."""

from __future__ import annotations

import pytest

from asyncweb.lab.claims import hearing, names
from asyncweb.lab.claims.chosen import NOT_BUILT
from asyncweb.lab.claims.hearing import hear


@pytest.fixture(autouse=True)
def nothing_is_built(monkeypatch):
    """And nothing is counted or compiled."""
    monkeypatch.setattr(hearing, "kept", lambda peer: None)
    monkeypatch.setattr(hearing, "inspect", lambda *asked: None)


def test_a_system_that_is_not_built_fails_only_where_it_could_have_had_a_figure():
    found = hear("C6", "C12", only=["spring", "tokio"])
    both = dict.fromkeys([names.TOKIO, names.SPRING, names.SPRING_VIRTUAL], NOT_BUILT)
    assert found.figures.failures == {
        names.START: both,
        names.UNSAFE: {names.TOKIO: NOT_BUILT},
    }
