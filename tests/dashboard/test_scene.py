"""The whole screen as a look wants it: the picture, two moments, large figures, the last line."""

import io

import pytest
from rich.console import Console

from asyncweb.dashboard.big import render_big
from asyncweb.dashboard.look import TOPICS, Look
from asyncweb.dashboard.moments import render_moments
from asyncweb.dashboard.scene import picture, scene, too_small
from asyncweb.drawing.digits import LINES, LOW_LINES, digits, low_digits
from asyncweb.drawing.picture import save
from asyncweb.metrics.snapshot import Frame, Snapshot, Track

SIZES = [(60, 30), (80, 24), (120, 40), (200, 50)]


def moment(at_s=1.0, rate=12_300.0, p99=0.0123):
    return Snapshot(
        at_s, throughput_rps=rate, latency_s={"p50": p99 / 2, "p99": p99}, connections=1000,
        in_flight=12, rss_bytes=33 * 2**20, threads=4,
    )  # fmt: skip


def frame(at_s=1.0, title="GET /", **figures):
    names = ("async", "threads")
    return Frame(title, tuple(Track(name, name, (moment(at_s, **figures),)) for name in names))


def drawn(shown, width=80):
    console = Console(file=io.StringIO(), width=width)
    console.print(shown)
    return console.file.getvalue().splitlines()


LOOKS = {
    "live": Look(),
    "paused": Look(held=frame()),
    "big": Look(is_big=True),
    "two moments": Look(first=frame(1.0), second=frame(9.0)),
    "zoomed": Look(zoom=3),
    **{f"topic {topic}": Look(topic=topic) for topic in range(1, len(TOPICS))},
}


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("now", [frame(), Frame("", ())], ids=["busy", "empty"])
def test_every_look_fits_its_screen_and_ends_with_the_keys(look, now, width, height):
    lines = drawn(scene(look, now, width, height, has_keys=True), width)
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert lines[-1].startswith("space pause")


def test_where_nobody_can_press_keys_none_are_named():
    lines = drawn(scene(Look(), frame(), 80, 24, has_keys=False))
    assert "pause" not in "".join(lines)


def test_how_one_looks_is_said_above_the_keys():
    lines = drawn(scene(Look(zoom=1, said="saved x"), frame(), 80, 24, has_keys=True))
    assert lines[-2].split("  ")[:2] == ["saved x", "the last 60 s"]


def test_a_picture_has_no_line_of_keys():
    assert drawn(picture(Look(), frame(), 80, 24)) == drawn(
        scene(Look(), frame(), 80, 24, has_keys=False)
    )


def test_two_moments_stand_beside_each_other_with_the_change():
    first, second = frame(1.0), frame(9.5, rate=24_600.0, p99=0.0061)
    lines = drawn(render_moments(first, second, 80, 24))
    assert lines[0].strip() == "GET /"
    text = "\n".join(lines)
    assert text.count("1.0 s") == text.count("9.5 s") == 2
    row = next(line for line in lines if "requests" in line)
    assert row.split()[1:5] == ["requests", "12.3k/s", "24.6k/s", "x"] and "2.00" in row
    assert "-50 %" in next(line for line in lines if "p99" in line)
    assert "same" in next(line for line in lines if "threads" in line and "4" in line)
    assert "max" not in text  # neither has it


def test_two_moments_of_different_steps_name_both():
    told = drawn(render_moments(frame(title="50 clients"), frame(title="250 clients"), 80, 24))
    assert told[0].strip() == "50 clients, then 250 clients"


def test_a_server_that_came_later_is_left_out_of_the_comparison():
    now = frame(9.0)
    before = Frame("GET /", now.tracks[:1])
    assert "threads" not in "\n".join(drawn(render_moments(before, now, 80, 24))[:3])


def test_large_figures_are_as_high_as_there_is_room_for():
    high = drawn(render_big(frame(), 80, 24))
    low = drawn(render_big(frame(), 60, 12))
    assert "\n".join(high).count("██████") > 4
    assert "██████" not in "\n".join(low) and any("▀" in line for line in low)
    assert "k/s" in "\n".join(high) and "ms" in "\n".join(low)


def test_a_wide_screen_shows_more_large_figures():
    assert "memory" not in "\n".join(drawn(render_big(frame(), 80, 24)))
    assert "memory" in "\n".join(drawn(render_big(frame(), 120, 24), 120))


@pytest.mark.parametrize("form", [digits, low_digits])
@pytest.mark.parametrize("text", ["0123456789", "4.1", "1,000", "-3", "", "x"])
def test_large_digits_are_lines_of_one_width(form, text):
    lines = form(text)
    assert len(lines) == {digits: LINES, low_digits: LOW_LINES}[form]
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 2), (30, 8), (80, 5)])
def test_the_notice_of_a_small_screen_fits_it(width, height):
    lines = drawn(too_small(width, height), width)
    assert len(lines) <= height + 1  # words that are cut may take one more, which is cropped


def test_saved_pictures_never_replace_each_other(tmp_path):
    for number in (1, 2):
        files = save(f"picture {number}", tmp_path, 40)
        assert [file.name for file in files] == [
            f"asyncweb-{number}.svg",
            f"asyncweb-{number}.html",
        ]
    assert "1" in (tmp_path / "asyncweb-1.html").read_text(encoding="utf-8")
