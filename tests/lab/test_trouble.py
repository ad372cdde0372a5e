"""The words of a query: each is read, explained and refused by the same table."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asyncweb.errors import BadRequest
from asyncweb.lab.mixture import TIME, Mixture
from asyncweb.lab.trouble import EXAMPLE, WORDS, Pause, Trouble, explained, read_trouble


def refusal(query):
    with pytest.raises(BadRequest) as caught:
        read_trouble(query)
    assert caught.value.status == 400
    return str(caught.value)


def test_every_word_is_a_field_of_the_trouble_and_every_field_has_its_word():
    assert list(WORDS) == [field.name for field in fields(Trouble)]


@pytest.mark.parametrize("name", WORDS)
def test_the_example_of_a_word_is_understood_and_changes_its_field_alone(name):
    trouble = read_trouble(f"{name}={WORDS[name].example}")
    changed = [each for each in WORDS if getattr(trouble, each) != getattr(Trouble(), each)]
    assert changed == [name]


def test_words_go_together():
    trouble = read_trouble(EXAMPLE.removeprefix("?"))
    assert trouble.delay == Mixture.read("10ms:90,1s:10", TIME)
    assert [percent for percent, _ in trouble.status.parts] == [5]


def test_no_word_is_no_trouble():
    assert read_trouble("") == Trouble()


def test_the_page_shows_every_word_with_its_example():
    page = explained()
    assert EXAMPLE in page
    assert all(f"{name}={word.example} " in page for name, word in WORDS.items())
    assert max(map(len, page.splitlines())) <= 100


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("delya=1s", "'delya' is no word of this server: expected delay=10ms:90,1s:10; / tells"),
        ("x=1", "'x' is no word of this server: expected one of freeze, stall, delay, block, cpu"),
        ("delay", "delay=: '': expected a time with its unit"),
        ("delay=10", "delay=10: '10': expected a time with its unit (us, ms, s), at most 60s; for"),
        ("delay=1s&delay=2s", "delay came 2 times: expected once, delay=10ms:90,1s:10"),
        ("status=99", "expected a status from 200 to 599; for example status=503:5,429:1"),
        ("reset=101", "reset=101: '101': expected a percentage from 0 to 100; for example reset=2"),
        ("stall=1s", "'1s': expected how long and how often, with a / between them; for example"),
        ("stall=5s/1s", "'5s/1s': expected more than 0s, and less than what follows the /; for"),
        ("freeze=0s/1s", "expected more than 0s"),
        ("freeze=1s/5", "freeze=1s/5: '5': expected a time with its unit"),
        ("delay=10ms&size=big", "size=big: 'big': expected a size"),
    ],
)
def test_a_mistake_is_told_with_what_was_expected_and_an_example(query, told):
    assert told in refusal(query)


@given(st.text(max_size=30))
def test_whatever_is_asked_is_understood_whole_or_refused(query):
    try:
        assert isinstance(read_trouble(query), Trouble)
    except BadRequest as error:
        assert "expected" in str(error)


@given(st.floats(0.001, 50), st.floats(0.001, 10), st.floats(0, 1e6))
def test_who_asks_in_a_pause_waits_for_its_end_and_who_asks_outside_of_it_for_nothing(
    for_s, more_s, now_s
):
    pause = Pause(for_s, for_s + more_s)
    phase_s = now_s % pause.every_s
    assert pause.left_s(now_s) == (for_s - phase_s if phase_s < for_s else 0)
    assert 0 <= pause.left_s(now_s) <= for_s
