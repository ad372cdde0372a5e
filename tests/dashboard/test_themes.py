"""A frame can be read on a light page and on a dark one: no colour comes near either ground."""

import re

import pytest

from asyncweb.dashboard.view import OTHER_COLOURS, render
from asyncweb.drawing.picture import bundle
from asyncweb.loadtest.plot import GREY
from asyncweb.metrics.snapshot import Frame, Mark, Snapshot, Track

GROUNDS = {"light": "#ffffff", "dark": "#111111"}  # those of JupyterLab
LEAST_CONTRAST = 3.0  # of WCAG 2.2, for graphics and for large text
NOW = Snapshot(
    at_s=2.0, requests=9, throughput_rps=9.0, latency_s={"p50": 0.01, "p99": 0.2},
    errors={"5xx": 2}, connections=3, in_flight=1, rss_bytes=2**25, threads=4, cpu_percent=9.0,
    loop_lag_s=0.3, block="slow() in lesson.py, line 3: 300 ms", gc_pause_s=0.01, queued=2,
)  # fmt: skip
FRAME = Frame(
    "a lesson",
    tuple(Track(name, name, (NOW, NOW)) for name in ("async", "threads", "url")),
    note="a note",
    marks=(Mark(1.0, "more clients"),),
)


def luminance(colour):
    """As WCAG defines it, from 0 for black to 1 for white."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    ]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colours_of(html):
    return set(re.findall(r"[ \"]color: ?(#[0-9a-f]{6})", html))


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=GROUNDS)
def test_each_colour_stands_out(ground):
    drawn = colours_of(bundle(render(FRAME))["text/html"])
    assert len(drawn) >= 3
    for colour in {*drawn, *OTHER_COLOURS, GREY}:
        assert round(contrast(colour, ground), 2) >= LEAST_CONTRAST, colour


def test_a_frame_brings_no_ground_of_its_own():
    assert "background" not in bundle(render(FRAME))["text/html"]


def test_contrast_is_as_wcag_defines_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
