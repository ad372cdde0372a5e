"""The whole run as a plot: all figures on one time axis, a line for each server, and the marks.

Rule: a pure function of the frame; what was not measured has no diagram, and what the picture
shows is told in words as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from asyncweb.dashboard.view import OTHER_COLOURS, colour
from asyncweb.drawing import units
from asyncweb.errors import LessonError
from asyncweb.loadtest.plot import GREY, Plot, in_grey, new_figure
from asyncweb.metrics.snapshot import Frame, Snapshot, Track

WIDTH_INCHES, DIAGRAM_INCHES, EDGE_INCHES = 10.0, 1.2, 0.9
HEADROOM = 1.05  # above the highest line
LINES = ("-", "--", "-.", ":")  # beside the colours, for print and for the colour-blind
MARK_LENGTH = 40  # characters; a longer label would run over its neighbours

Points = list[tuple[float, float]]  # at s, value


@dataclass(frozen=True, slots=True)
class _Diagram:
    """One of the figures over time."""

    label: str
    unit: float  # of the axis, in that of the values
    text: Callable[[float | None], str]
    points: Callable[[Track], Points]


def plot(frame: Frame) -> Plot:
    """`frame` as diagrams above each other.

    Raises LessonError when it shows nothing yet, LoadError when matplotlib is not installed.
    """
    diagrams = [one for one in _DIAGRAMS if any(one.points(track) for track in frame.tracks)]
    if not diagrams:
        raise LessonError("plot() has seen nothing yet: show() the dashboard, then load a server")
    height = EDGE_INCHES + DIAGRAM_INCHES * len(diagrams)
    figure = new_figure("", (WIDTH_INCHES, height))
    rows = figure.subplots(len(diagrams), 1, sharex=True, squeeze=False)[:, 0]
    for axes, diagram in zip(rows, diagrams, strict=True):
        _draw(axes, diagram, frame)
        in_grey(axes)
    _label_marks(rows[0], frame)
    rows[-1].set_xlabel("time in s")
    figure.legend(
        *rows[0].get_legend_handles_labels(), loc="outside upper right", ncols=len(frame.tracks),
        frameon=False, labelcolor=GREY,
    )  # fmt: skip
    figure.align_ylabels()
    return Plot(figure, _in_words(frame, diagrams))


def _draw(axes: Any, diagram: _Diagram, frame: Frame) -> None:
    colours = [colour(track, place) for place, track in enumerate(frame.tracks)]
    if len(set(colours)) < len(colours):  # two servers of one kind
        colours = list(itertools.islice(itertools.cycle(OTHER_COLOURS), len(colours)))
    styles = zip(frame.tracks, colours, itertools.cycle(LINES), strict=False)
    for track, track_colour, line in styles:
        points = diagram.points(track)
        at_s, values = [x for x, _ in points], [y / diagram.unit for _, y in points]
        axes.plot(at_s, values, line, label=track.name, color=track_colour, linewidth=1.8)
    for mark in frame.marks:
        axes.axvline(mark.at_s, color=GREY, linewidth=1, linestyle=":")
    axes.set(ylabel=diagram.label, ylim=(0, HEADROOM * axes.get_ylim()[1]))


def _label_marks(axes: Any, frame: Frame) -> None:
    """Names the marks above the first diagram; neighbours on lines of their own."""
    begin_s, end_s = axes.get_xlim()
    for mark, line in zip(frame.marks, itertools.cycle((0, 1)), strict=False):
        is_late = mark.at_s > (begin_s + end_s) / 2
        axes.annotate(
            mark.label[:MARK_LENGTH], (mark.at_s, 1), xycoords=("data", "axes fraction"),
            xytext=(0, 3 + 11 * line), textcoords="offset points", va="bottom",
            ha="right" if is_late else "left", color=GREY, fontsize="small",
        )  # fmt: skip


def _in_words(frame: Frame, diagrams: list[_Diagram]) -> str:
    lasted_s = max(track.now.at_s for track in frame.tracks)
    said = [f"{len(diagrams)} figures over {units.seconds(lasted_s)}"]
    for diagram in diagrams:
        known = ((track.name, diagram.points(track)) for track in frame.tracks)
        each = [
            f"{name} {diagram.text(points[-1][1])} in the end, "
            f"at most {diagram.text(max(value for _, value in points))}"
            for name, points in known
            if points
        ]
        said.append(f"{diagram.label.splitlines()[0]}: {'; '.join(each)}")
    said += [f"at {units.seconds(mark.at_s)}: {mark.label}" for mark in frame.marks]
    return ". ".join(said)


def _of_each(value: Callable[[Snapshot], float | None]) -> Callable[[Track], Points]:
    def points(track: Track) -> Points:
        known = ((moment.at_s, value(moment)) for moment in track.snapshots)
        return [(at_s, found) for at_s, found in known if found is not None]

    return points


def _rates(track: Track) -> Points:
    """Answers per second between each two moments, however far these are apart."""
    return list(_each_rate(track.snapshots))


def _each_rate(moments: tuple[Snapshot, ...]) -> Iterator[tuple[float, float]]:
    for before, now in itertools.pairwise(moments):
        if now.at_s > before.at_s:
            answered = max(now.requests - before.requests, 0)  # a new server begins at 0
            yield now.at_s, answered / (now.at_s - before.at_s)


_DIAGRAMS = (
    _Diagram("p99\nin ms", 1e-3, units.seconds, _of_each(lambda s: s.latency_s.get("p99"))),
    _Diagram("requests\nper second", 1.0, units.rate, _rates),
    _Diagram("memory\nin MiB", units.MIB, units.memory, _of_each(lambda s: s.rss_bytes)),
    _Diagram(
        "threads",
        1.0,
        lambda value: units.count(None if value is None else round(value)),
        _of_each(lambda s: s.threads),
    ),
    _Diagram("loop lag\nin ms", 1e-3, units.seconds, _of_each(lambda s: s.loop_lag_s)),
)
