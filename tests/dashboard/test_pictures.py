"""Whole pictures of the view, as they were when somebody last looked at them."""

import io

import pytest
from rich.console import Console

from asyncweb.dashboard.panels import PANELS
from asyncweb.dashboard.view import COLOURS, OTHER_COLOURS, render
from asyncweb.metrics.snapshot import Frame, Track
from tests.dashboard.scenes import PICTURES, SCENES, WIDTHS, blocked, coloured, drawn, replace

EVERY_WIDTH = pytest.mark.parametrize("width", WIDTHS)
EVERY_SCENE = pytest.mark.parametrize("name", SCENES)


@EVERY_WIDTH
@EVERY_SCENE
def test_a_picture_is_the_one_that_was_looked_at(name, width):
    """Where it shall differ: python -m tests.dashboard.scenes, and look."""
    expected = (PICTURES / f"{name}-{width}.txt").read_text("utf-8").splitlines()
    assert drawn(SCENES[name](), width) == expected


@EVERY_WIDTH
@EVERY_SCENE
def test_no_line_of_a_picture_is_too_wide(name, width):
    assert max(map(len, drawn(SCENES[name](), width))) <= width


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (100, 30), (200, 50)])
@EVERY_SCENE
def test_a_picture_fits_a_terminal_whole(name, width, height):
    lines = drawn(SCENES[name](), width, height)
    assert len(lines) <= height
    assert sum("╰" in line for line in lines) == 1


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_a_person_can_tell_who_is_slower_since_when_and_why(width, height):
    text = " ".join(drawn(blocked(), width, height))
    assert "async is slower: p99 310 ms, 15.5 times that of threads, since 8 s ago" in text
    assert "Cause: report held the loop for 300 ms: app.py, line 14:" in text


@pytest.mark.parametrize("name", PANELS)
def test_each_panel_can_be_shown_alone_and_is_a_part_of_the_whole(name):
    frame = blocked()
    heaped = [
        replace(now, heap={"dict": 9_000_000}) for now in (track.now for track in frame.tracks)
    ]
    tracks = tuple(
        replace(track, snapshots=(*track.snapshots[:-1], now))
        for track, now in zip(frame.tracks, heaped, strict=True)
    )
    alone = set(drawn(replace(frame, tracks=tracks, show=(name,)), 100))
    whole = set(drawn(replace(frame, tracks=tracks, show=tuple(PANELS)), 100))
    assert len(alone) < len(whole)
    assert alone <= whole


def test_what_is_not_in_show_is_not_drawn():
    text = "\n".join(drawn(replace(blocked(), show=("latency",)), 100))
    assert "p99" in text
    for other in ("RSS", "threads  ", "to 21.5 ms", "last errors", "CPU"):
        assert f"│ {other}" not in text


def test_marks_are_numbered_on_the_axis_and_told_below():
    lines = drawn(blocked(), 80)
    (line,) = [line for line in lines if "│ marks" in line]
    (axis,) = [line for line in lines if "ago" in line and "┘" in line]
    begin, end = axis.index("30s ago"), axis.index("┘")
    # 9 of 30 seconds ago.
    assert line.index("1") == pytest.approx(end - (end - begin) * 9 / 30, abs=1)
    assert "1: here we ask for /report, at 11 s" in lines


def test_the_panel_of_a_dead_server_says_so_and_since_when():
    lines = drawn(SCENES["dead"](), 80)
    assert "threads does not answer, since 8 s ago" in lines
    assert any("╭─ threads: no answer for 8 s ─" in line for line in lines)


def test_a_server_that_has_never_answered_is_called_silent_after_a_while():
    frame = Frame("", (Track("one", "async"),), at_s=60.0)
    assert "one does not answer, since 60 s ago" in drawn(frame, 80)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colour", [*COLOURS.values(), *OTHER_COLOURS])
@pytest.mark.parametrize("ground", ["#ffffff", "#000000"])
def test_every_colour_is_readable_on_white_and_on_black(colour, ground):
    """WCAG 2.1, 1.4.11: at least 3 to 1."""
    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def blue_yellow(colour):
    """What remains of a colour for those who do not see red: brightness aside, blue to yellow."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return blue - (red + green) / 2


def test_the_two_engines_differ_from_blue_to_yellow():
    """The red-green blind, one in twelve men, see that difference as others do."""
    assert blue_yellow(COLOURS["async"]) - blue_yellow(COLOURS["threads"]) > 100


def test_the_answer_is_in_the_colour_of_the_server_it_is_about():
    title, answer, *_ = coloured(blocked(), 120)
    assert title.startswith("\x1b[1m200 clients")
    assert answer.startswith("\x1b[1;38;2;47;127;196masync is slower")


def test_without_colours_nothing_is_lost():
    plain = Console(file=io.StringIO(), width=120, no_color=True, _environ={"NO_COLOR": "1"})
    plain.print(render(blocked(), 120))
    assert plain.file.getvalue().splitlines()[1].startswith("async is slower")
