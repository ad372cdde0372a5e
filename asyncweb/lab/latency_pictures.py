"""Pictures of latencies: their shape, how far a percentile swings, and what a stall looks like.

Rule: the axis of time says its unit, and the mean is drawn only beside what it hides.
"""

from __future__ import annotations

from collections.abc import Sequence

from asyncweb.drawing import units
from asyncweb.lab.omission import Seen
from asyncweb.lab.resampling import band, redrawn
from asyncweb.loadtest.plot import BAND_ALPHA, COLOURS, GREY, Plot, finished, in_grey, new_figure
from asyncweb.metrics.histogram import Histogram

SIZE_INCHES = (9, 3.4)
FEWEST_TIMES = 100  # samples of each size; a picture needs no more


def plot_shape(histogram: Histogram) -> Plot:
    """How many requests took how long, with the mean, p50 and p99 marked.

    Raises LoadError when matplotlib is not installed.
    """
    figure = new_figure("How many requests took how long", SIZE_INCHES)
    axes = figure.subplots()
    buckets = list(histogram.buckets())
    starts = [1e3 * start_s for start_s, _, _ in buckets]
    widths = [1e3 * (end_s - start_s) for start_s, end_s, _ in buckets]
    counts = [count for _, _, count in buckets]
    axes.bar(starts, counts, widths, align="edge", color=COLOURS[0])
    marks = {
        "p50": histogram.percentile(0.5),
        "mean": histogram.mean,
        "p99": histogram.percentile(0.99),
    }
    for (name, value_s), colour in zip(marks.items(), COLOURS[1:], strict=True):
        axes.axvline(1e3 * value_s, color=colour, linestyle="--", label=name)
    axes.set(xscale="log", xlabel="latency in ms", ylabel="requests in each bucket")
    told = ", ".join(f"{name} {units.seconds(value_s)}" for name, value_s in marks.items())
    return finished(figure, f"How many requests took how long, {histogram.count:,} in all: {told}")


def plot_bands(histogram: Histogram, sizes: Sequence[int], fraction: float = 0.99) -> Plot:
    """Between which values the percentile `fraction` of so many requests lies, 19 times of 20.

    Raises LoadError when matplotlib is not installed.
    """
    figure = new_figure(f"p{100 * fraction:g} of so many requests", SIZE_INCHES)
    axes = figure.subplots()
    bands = [
        band(redrawn(histogram, size, fraction=fraction, times=FEWEST_TIMES)) for size in sizes
    ]
    low_ms, high_ms = ([1e3 * ends[side] for ends in bands] for side in (0, 1))
    axes.fill_between(
        sizes, low_ms, high_ms, color=COLOURS[0], alpha=BAND_ALPHA, label="95 of 100 measurements"
    )
    whole_ms = 1e3 * histogram.percentile(fraction)
    axes.axhline(whole_ms, color=COLOURS[1], label=f"of all {histogram.count:,}")
    axes.set(xscale="log", xlabel="requests measured", ylabel="ms", ylim=(0, None))
    told = "; ".join(
        f"of {size:,} requests from {units.seconds(ends[0])} to {units.seconds(ends[1])}"
        for size, ends in zip(sizes, bands, strict=True)
    )
    return finished(figure, f"p{100 * fraction:g} in 95 of 100 measurements: {told}")


def plot_stall(waiting: Sequence[Seen], planning: Sequence[Seen]) -> Plot:
    """Each request of both clients as a point: when it was sent, and how long it took.

    Raises LoadError when matplotlib is not installed.
    """
    figure = new_figure("One stall, seen by two clients", SIZE_INCHES)
    both = {"asks when it has been answered": waiting, "asks when it is time": planning}
    diagrams = figure.subplots(1, 2, sharex=True, sharey=True)
    for axes, (name, seen), colour in zip(diagrams, both.items(), COLOURS, strict=False):
        at_s, latency_s = [one.at_s for one in seen], [one.latency_s for one in seen]
        axes.vlines(at_s, 0, latency_s, color=GREY, alpha=BAND_ALPHA, linewidth=0.5)
        axes.plot(at_s, latency_s, ".", markersize=5, color=colour)
        axes.set_title(f"{name}: {len(seen):,} requests", color=GREY, fontsize="medium")
        axes.set(xlabel="when it was sent, in s")
        in_grey(axes)
    diagrams[0].set(ylabel="latency in s")
    told = "; ".join(
        f"{name}: {len(seen):,} requests, the longest {units.seconds(_longest_s(seen))}"
        for name, seen in both.items()
    )
    return Plot(figure, f"One stall, seen by two clients. {told}")


def _longest_s(seen: Sequence[Seen]) -> float:
    return max(one.latency_s for one in seen)
