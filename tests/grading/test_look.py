"""What a key does in `asyncweb watch`: it changes how things are looked at, or it is a wish."""

from dataclasses import replace

import pytest

from asyncweb.grading.student.look import Look, Panel, Wish, pressed


@pytest.mark.parametrize(
    ("keys", "panel", "wish"),
    [
        ("h", Panel.HINT, Wish.HINT),
        ("hh", Panel.HINT, Wish.NEXT_HINT),
        ("l", Panel.LIST, None),
        ("ll", Panel.MESSAGE, None),
        ("e", Panel.EXPLAIN, None),
        ("r", Panel.RESET, None),
        ("ry", Panel.MESSAGE, Wish.RESET),
        ("rq", Panel.MESSAGE, None),
        ("rn", Panel.MESSAGE, None),
        ("ry y", Panel.MESSAGE, None),
        ("n", Panel.MESSAGE, Wish.NEXT),
        ("hn", Panel.MESSAGE, Wish.NEXT),
        ("lq", Panel.LIST, Wish.QUIT),
        ("c", Panel.MESSAGE, Wish.CHECK),
        ("y", Panel.MESSAGE, None),
        ("Z", Panel.MESSAGE, None),
    ],
)
def test_a_key_changes_the_look_or_is_a_wish(keys, panel, wish):
    look, found = Look(), None
    for key in keys:
        look, found = pressed(look, key, 0, 3)
    assert (look.panel, found) == (panel, wish)


def test_the_list_begins_at_the_current_exercise_and_goes_round():
    look, _ = pressed(Look(), "l", 2, 3)
    assert look.chosen == 2
    look, _ = pressed(look, "n", 2, 3)
    assert look.chosen == 0
    assert pressed(look, "enter", 2, 3) == (Look(chosen=0), Wish.GO)


def test_what_was_said_goes_with_the_next_key():
    assert pressed(replace(Look(), said="kept"), "Z", 0, 1)[0] == Look()
