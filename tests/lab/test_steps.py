"""Who ran when, in figures and in a picture."""

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.steps import Step, draw_steps, longest_pause
from tests.ecosystem.conftest import library

STEPS = [Step("a", 1.0, 1.1), Step("b", 1.1, 1.5), Step("a", 1.5, 1.6), Step("a", 1.8, 1.9)]


def test_the_longest_pause_is_between_the_ends_of_two_steps():
    assert longest_pause(STEPS, "a") == pytest.approx(0.5)


@pytest.mark.parametrize(("who", "count"), [("b", 1), ("nobody", 0)])
def test_who_made_less_than_two_steps_made_no_pause(who, count):
    with pytest.raises(LessonError, match=f"made {count} steps"):
        longest_pause(STEPS, who)


def test_no_steps_are_no_picture():
    with pytest.raises(LessonError, match="run the loop first"):
        draw_steps([])


@pytest.mark.slow
def test_the_picture_has_a_row_for_each_and_a_bar_for_each_step():
    library("matplotlib")
    (axes,) = draw_steps(STEPS).figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    waiting = 2  # thin bars, one for each who ran
    assert len(axes.patches) == len(STEPS) + waiting
    longest = max(axes.patches, key=lambda bar: bar.get_width())
    assert longest.get_width() == pytest.approx(900)
