"""A curve drawn by matplotlib: throughput beside what would be best, and latency.

Rule: as with every plot, matplotlib is imported when something is drawn and never before.
"""

from __future__ import annotations

from typing import Any

from asyncweb.lab.curve import Curve
from asyncweb.loadtest.plot import COLOURS, GREY, Plot, in_grey, new_figure

SIZE_INCHES = (10, 3.6)


def plot(curve: Curve) -> Plot:
    """`curve` as two diagrams. Raises LoadError when matplotlib is not installed."""
    figure = new_figure("", SIZE_INCHES)
    rates, times = figure.subplots(1, 2)
    numbers = list(curve)
    best = [curve.ideal[number] for number in numbers]
    found = [curve[number].throughput_rps for number in numbers]
    rates.plot(numbers, best, "--", color=GREY, label="at best")
    rates.plot(numbers, found, "o-", color=COLOURS[0], label="measured")
    rates.set(ylabel="answers per second", ylim=(0, None))
    for name, colour in (("p50", COLOURS[0]), ("p99", COLOURS[1])):
        times.plot(numbers, _ms(curve, name), "o-", color=colour, label=name)
    times.set(ylabel="latency in ms", ylim=(0, None))
    for axes in (rates, times):
        axes.set(xlabel=curve.what, xticks=numbers)
        _mark_bend(axes, curve)
        in_grey(axes)
        axes.legend(facecolor="none", edgecolor="none", labelcolor=GREY)
    return Plot(figure, curve.says)


def _ms(curve: Curve, name: str) -> list[float]:
    return [1e3 * (rounds.latency_s[name] or 0.0) for rounds in curve.values()]


def _mark_bend(axes: Any, curve: Curve) -> None:
    if curve.bend is not None:
        number, why = curve.bend
        axes.axvline(number, color=GREY, linestyle=":", label=why)
