"""C6 and C7: what a program costs before anybody asks, on both sides of each line."""

import pytest

from asyncweb.lab.claims.names import (
    HYPERLANE,
    LOADED,
    OUR_LOOP,
    SPRING,
    SPRING_VIRTUAL,
    START,
)  # fmt: skip
from asyncweb.lab.claims.twelve.c06 import StartTime
from asyncweb.lab.claims.twelve.c07 import Memory
from asyncweb.lab.claims.verdict import Word
from tests.lab.claims.made import Made, noisy

HOLDS, FAILS, OPEN, UNMEASURED = Word.HOLDS, Word.FAILS, Word.OPEN, Word.UNMEASURED


def starts(hyperlane=20.0, spring=3_000.0, virtual=None):
    figures = Made().look(START, HYPERLANE, first_answer_ms=hyperlane)
    if spring is not None:
        figures.look(START, SPRING, first_answer_ms=spring)
    if virtual is not None:
        figures.look(START, SPRING_VIRTUAL, first_answer_ms=virtual)
    return figures


@pytest.mark.parametrize(
    ("hyperlane", "spring", "word"),
    [
        (20.0, 3_000.0, HOLDS),
        (150.0, 3_000.0, FAILS),
        (20.0, 700.0, FAILS),
        (95.0, 3_000.0, OPEN),
        (noisy(60.0, 120.0), 3_000.0, OPEN),
        (20.0, noisy(900.0, 1_400.0), OPEN),
    ],
)
def test_c6_wants_100_ms_and_a_second_for_java(hyperlane, spring, word):
    assert StartTime().decide(starts(hyperlane, spring)).word is word


def test_c6_is_open_when_two_forms_of_spring_boot_differ():
    assert StartTime().decide(starts(virtual=700.0)).word is OPEN
    assert StartTime().decide(starts(virtual=2_000.0)).word is HOLDS


def test_c6_without_java_is_not_measured_unless_hyperlane_is_slow():
    figures = starts(spring=None)
    figures.fail(START, SPRING, "mvn is not installed")
    told = StartTime().decide(figures)
    assert told.word is UNMEASURED
    assert told.why == (
        "hyperlane 5.40.1 answers after 20.0 ms. Spring Boot: mvn is not installed."
    )
    assert StartTime().decide(starts(150.0, spring=None)).word is FAILS


def test_c6_of_one_start_is_as_noisy_as_a_pair_of_identical_servers():
    figures = Made().look(START, HYPERLANE, rounds=1, first_answer_ms=80.0)
    figures.look(START, SPRING, rounds=1, first_answer_ms=3_000.0)
    assert StartTime().decide(figures).word is OPEN


def test_c6_shows_our_start_beside():
    figures = starts().look(START, OUR_LOOP, first_answer_ms=95.0)
    row = "start to first answer, asyncweb async"
    assert dict(StartTime().decide(figures).figures)[row].startswith("95.0 ms")


def memory(hyperlane=(4.0, 6.0), spring=(210.0, 260.0)):
    """Idle, and loaded."""
    figures = Made()
    for measure, name, place in ((START, "idle_uss_mb", 0), (LOADED, "uss_mb", 1)):
        figures.look(measure, HYPERLANE, **{name: hyperlane[place]})
        figures.look(measure, SPRING, **{name: spring[place]})
    return figures


@pytest.mark.parametrize(
    ("hyperlane", "spring", "word"),
    [
        ((4.0, 6.0), (210.0, 260.0), HOLDS),
        ((9.0, 12.0), (210.0, 260.0), FAILS),
        ((4.0, 6.0), (120.0, 150.0), FAILS),
        ((4.0, 12.0), (210.0, 300.0), OPEN),
        ((7.9, 7.9), (300.0, 300.0), OPEN),
        ((noisy(7.0, 9.0), 12.0), (300.0, 300.0), OPEN),
    ],
)
def test_c7_wants_8_mb_and_200_mb_both_idle_and_loaded(hyperlane, spring, word):
    assert Memory().decide(memory(hyperlane, spring)).word is word


def test_c7_recomputes_what_is_saved_from_what_was_seen():
    """7 of 215 MB are 97 % saved; but 7 of 130 MB would be less than 95 %."""
    assert "97 % saved" in Memory().decide(memory((7.0, 7.0), (215.0, 215.0))).why
    told = Memory().decide(memory((7.0, 7.0), (130.0, 130.0)))
    assert told.word is FAILS
    assert "95 % saved" in told.why


def test_c7_needs_both_systems():
    figures = memory()
    for measure in (START, LOADED):
        del figures.looks[measure][SPRING]
        figures.fail(measure, SPRING, "mvn is not installed")
    told = Memory().decide(figures)
    assert told.word is UNMEASURED
    assert told.why == "Spring Boot: mvn is not installed."


def test_c7_is_not_measured_before_the_loads_are_over():
    figures = memory()
    del figures.looks[LOADED]
    told = Memory().decide(figures)
    assert told.word is UNMEASURED
    assert told.why == "hyperlane 5.40.1: has not been looked at."
