"""A soak, drawn: memory by the requests answered, and the trend of each half in its band.

Rule: the picture shows what was judged, the same halves and the same bands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asyncweb.drawing import units
from asyncweb.lab.trend import Trend, medians
from asyncweb.loadtest.plot import BAND_ALPHA, COLOURS, GREY, Plot, in_grey, new_figure

if TYPE_CHECKING:
    from asyncweb.lab.soak import Soaked

SIZE_INCHES = (10.0, 3.4)
LEAST_SHOWN_MIB = 1.0  # less is drawn as the nothing it is


def plot(soaked: Soaked) -> Plot:
    """`soaked` as a diagram. Raises LoadError when matplotlib is not installed."""
    figure = new_figure("", SIZE_INCHES)
    axes = figure.subplots()
    points = [(float(one.requests), one.rss_bytes / units.MIB) for one in soaked.moments]
    axes.plot(*zip(*points, strict=True), ".", color=COLOURS[0], label="looked at")
    middle = len(points) // 2
    judgement = soaked.judgement
    for half, trend, label in (
        (points[:middle], judgement.first, "first half"),
        (points[middle:], judgement.second, "second half"),
    ):
        _draw(axes, half, trend, f"{label}: {trend} bytes a request")
    low, high = axes.get_ylim()
    spare = max(LEAST_SHOWN_MIB - (high - low), 0) / 2
    axes.set(
        xlabel="requests answered", ylabel="memory (RSS) in MiB", ylim=(low - spare, high + spare)
    )
    axes.set_title(f"{soaked.name}: {judgement.verdict}", color=GREY)
    axes.legend(facecolor="none", edgecolor="none", labelcolor=GREY)
    in_grey(axes)
    return Plot(figure, f"{soaked.name}: {judgement}")


def _draw(axes: Any, points: list[tuple[float, float]], trend: Trend, label: str) -> None:
    """A line through the middle of `points`, and the fan in which its slope may lie."""
    parts = medians(points)
    middle_x, middle_y = (sum(values) / len(values) for values in zip(*parts, strict=True))
    ends = (points[0][0], points[-1][0])

    def at(slope: float) -> list[float]:
        return [middle_y + slope / units.MIB * (x - middle_x) for x in ends]

    (line,) = axes.plot(ends, at(trend.slope), linewidth=1.8, label=label, color=COLOURS[1])
    line.set_linestyle("--" if label.startswith("first") else "-")
    axes.fill_between(ends, at(trend.low), at(trend.high), color=COLOURS[1], alpha=BAND_ALPHA)
