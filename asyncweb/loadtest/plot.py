"""Results drawn by matplotlib: latency by percentile, and throughput over time or by rounds.

Rule: matplotlib is imported when something is drawn and never before, and its global state, the
figures of other cells, is left alone. The colours can be read on white and on black.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

from asyncweb.errors import LoadError
from asyncweb.metrics.histogram import Histogram

if TYPE_CHECKING:
    from asyncweb.loadtest.result import Result
    from asyncweb.loadtest.rounds import Rounds

TICKS = {1: "0 %", 10: "90 %", 100: "99 %", 1_000: "99.9 %", 10_000: "99.99 %"}
SIZE_INCHES = (10, 3.6)
COLOURS = ("#3b8fd6", "#e07b00", "#2a9d6f", "#b05fb5")
SAYS = "Latency by percentile, and answers in each second. The text above tells the figures."
SAYS_OF_ROUNDS = "Latency by percentile, and answers by round. The text above tells the figures."
GREY = "#808080"  # of whatever is no curve
BAND_ALPHA, GRID_ALPHA = 0.25, 0.3


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure of matplotlib, and what it says to whoever does not see it.

    `plot.figure.savefig("load.png")` saves it.

    >>> class Figure:
    ...     def savefig(self, file, format):
    ...         file.write(b"a picture")
    >>> plot = Plot(Figure(), says="p99: async 12.0 ms")
    >>> plot.says, plot.png()
    ('p99: async 12.0 ms', b'a picture')
    """

    figure: Any  # matplotlib.figure.Figure
    says: str

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, str]:
        return {"text/html": as_html(lambda: self), "text/plain": self.says}

    def png(self) -> bytes:
        """The figure as a file."""
        png = io.BytesIO()
        self.figure.savefig(png, format="png")
        return png.getvalue()


def plot(result: Result) -> Plot:
    """`result` as two diagrams. Raises LoadError when matplotlib is not installed."""
    figure, (by_percentile, over_time) = _two_diagrams(result.target)
    if result.is_open:
        curves = {"from when it was due": result.latency, "from its send": result.service}
    else:
        curves = {"latency": result.latency}
    _draw_latencies(by_percentile, curves)
    _draw_band(by_percentile, result)
    _draw_throughput(over_time, result)
    return finished(figure, SAYS)


def plot_rounds(targets: Mapping[str, Rounds]) -> Plot:
    """Several `targets` side by side. Raises LoadError when matplotlib is not installed."""
    figure, (by_percentile, by_round) = _two_diagrams("")
    _draw_latencies(by_percentile, {name: rounds.latency for name, rounds in targets.items()})
    for (name, rounds), colour in zip(targets.items(), cycle(COLOURS), strict=False):
        rates = [result.throughput_rps for result in rounds.results]
        by_round.plot(range(1, len(rates) + 1), rates, "o-", label=name, color=colour)
    most = max((len(rounds.results) for rounds in targets.values()), default=0)
    by_round.set(xlabel="round", ylabel="requests per second", ylim=(0, None))
    by_round.set_xticks(range(1, most + 1))
    return finished(figure, SAYS_OF_ROUNDS)


def as_html(draw: Callable[[], Plot | None]) -> str:
    """What `draw` draws, as an image, and in words for whoever does not see it.

    Nothing when there is nothing to draw, and when matplotlib is not installed: the figures are
    told in words as well.
    """
    try:
        plot = draw()
    except LoadError:
        return ""
    if plot is None:
        return ""
    data = base64.b64encode(plot.png()).decode()
    return f'<img alt="{html.escape(plot.says)}" src="data:image/png;base64,{data}">'


def new_figure(title: str, size_inches: tuple[float, float]) -> Any:
    """An empty figure of matplotlib. Raises LoadError when that is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise LoadError(
            'plot() needs matplotlib: pip install matplotlib, or pip install "asyncweb[course]"'
        ) from None
    figure = Figure(figsize=size_inches, layout="constrained", facecolor="none")
    figure.suptitle(title, color=GREY)
    return figure


def in_grey(axes: Any) -> None:
    """Makes all but the curves readable on white and on black."""
    axes.set_facecolor("none")
    axes.tick_params(colors=GREY)
    axes.xaxis.label.set_color(GREY)
    axes.yaxis.label.set_color(GREY)
    axes.spines[:].set_color(GREY)
    axes.grid(color=GREY, alpha=GRID_ALPHA)


def finished(figure: Any, says: str) -> Plot:
    """`figure` with all its diagrams in grey, and a legend in each; in words, `says`."""
    for axes in figure.axes:
        in_grey(axes)
        axes.legend(facecolor="none", edgecolor="none", labelcolor=GREY)
    return Plot(figure, says)


def _two_diagrams(title: str) -> tuple[Any, Any]:
    figure = new_figure(title, SIZE_INCHES)
    return figure, figure.subplots(1, 2)


def _draw_latencies(axes: Any, curves: Mapping[str, Histogram]) -> None:
    for (label, histogram), colour in zip(curves.items(), cycle(COLOURS), strict=False):
        points = list(_curve(histogram))
        axes.plot([x for x, _ in points], [y for _, y in points], label=label, color=colour)
    axes.set(xscale="log", xlabel="percentile", ylabel="latency in ms", ylim=(0, None))
    axes.set_xticks(list(TICKS), list(TICKS.values()))
    axes.minorticks_off()


def _draw_band(axes: Any, result: Result) -> None:
    """Where the percentiles of endlessly many such answers would lie, as far as that is known."""
    known = [found for found in result.percentiles if None not in (found.low_s, found.high_s)]
    at = [1 / (1 - found.fraction) for found in known]
    low_ms = [1e3 * (found.low_s or 0.0) for found in known]
    high_ms = [1e3 * (found.high_s or 0.0) for found in known]
    axes.fill_between(
        at, low_ms, high_ms, color=COLOURS[0], alpha=BAND_ALPHA, linewidth=0, label="95 % band"
    )


def _curve(histogram: Histogram) -> Iterator[tuple[float, float]]:
    """1 / (1 - p) and the latency in ms, at which each percentile has as much room as the next."""
    passed = 0
    for _, end_s, count in histogram.buckets():
        yield histogram.count / (histogram.count - passed), 1e3 * min(end_s, histogram.max)
        passed += count


def _draw_throughput(axes: Any, result: Result) -> None:
    seconds = (*result.warm_up, *result.seconds)
    at_s = [second.at_s for second in seconds]
    for label, colour in (("requests", COLOURS[0]), ("errors", COLOURS[1])):
        values = [getattr(second, label) for second in seconds]
        axes.plot(at_s, values, "o-", markersize=3, label=label, color=colour)
    if result.warm_up_s:
        begin_s, end_s = -result.warm_up_s - 0.5, -0.5  # around the points, which are at 0, 1, 2...
        label = "warm-up, not counted"
        axes.axvspan(begin_s, end_s, color=GREY, alpha=BAND_ALPHA, linewidth=0, label=label)
    axes.set(xlabel="time in s", ylabel="per second", ylim=(0, None))
    axes.locator_params(axis="x", integer=True)
