"""A result drawn by matplotlib: latency by percentile, and throughput over time.

Rule: matplotlib is imported when something is drawn and never before, and its global state, the
figures of other cells, is left alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asyncweb.errors import LoadError
from asyncweb.metrics.histogram import Histogram

if TYPE_CHECKING:
    from asyncweb.loadtest.result import Result

TICKS = {1: "0 %", 10: "90 %", 100: "99 %", 1_000: "99.9 %", 10_000: "99.99 %"}
SIZE_INCHES = (10, 3.6)


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure of matplotlib that a notebook shows; `plot.figure.savefig("load.png")` saves it.

    >>> Plot(figure=None).figure is None
    True
    """

    figure: Any  # matplotlib.figure.Figure

    def _repr_png_(self) -> bytes:
        png = io.BytesIO()
        self.figure.savefig(png, format="png")
        return png.getvalue()


def plot(result: Result) -> Plot:
    """`result` as two diagrams. Raises LoadError when matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise LoadError(
            'plot() needs matplotlib: pip install matplotlib, or pip install "asyncweb[course]"'
        ) from None
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    by_percentile, over_time = figure.subplots(1, 2)
    _draw_latency(by_percentile, result)
    _draw_throughput(over_time, result)
    figure.suptitle(result.target)
    return Plot(figure)


def _draw_latency(axes: Any, result: Result) -> None:
    curves = {"latency": result.latency}
    if result.is_open:
        curves = {"from when it was due": result.latency, "from its send": result.service}
    for label, histogram in curves.items():
        points = list(_curve(histogram))
        axes.plot([x for x, _ in points], [y for _, y in points], label=label)
    axes.set(xscale="log", xlabel="percentile", ylabel="latency in ms", ylim=(0, None))
    axes.set_xticks(list(TICKS), list(TICKS.values()))
    axes.legend()


def _curve(histogram: Histogram) -> Iterator[tuple[float, float]]:
    """1 / (1 - p) and the latency in ms, at which each percentile has as much room as the next."""
    passed = 0
    for _, end_s, count in histogram.buckets():
        yield histogram.count / (histogram.count - passed), 1e3 * min(end_s, histogram.max)
        passed += count


def _draw_throughput(axes: Any, result: Result) -> None:
    at_s = [second.at_s for second in result.seconds]
    for label in ("requests", "errors"):
        axes.plot(at_s, [getattr(second, label) for second in result.seconds], label=label)
    axes.set(xlabel="time in s", ylabel="per second", ylim=(0, None))
    axes.legend()
