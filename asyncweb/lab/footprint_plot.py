"""Memory by the size of an idle crowd, drawn: what is in memory beside what has an address.

Rule: a line is drawn through the points it comes from, and both are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

from asyncweb.drawing import units
from asyncweb.loadtest.plot import COLOURS, GREY, Plot, in_grey, new_figure
from asyncweb.metrics.probes import slope

if TYPE_CHECKING:
    from asyncweb.lab.footprint import Footprint

SIZE_INCHES = (10.0, 3.6)


def plot(servers: Sequence[Footprint]) -> Plot:
    """`servers` as two diagrams. Raises LoadError when matplotlib is not installed."""
    figure = new_figure("", SIZE_INCHES)
    resident, virtual = figure.subplots(1, 2)
    for found, colour in zip(servers, cycle(COLOURS), strict=False):
        sizes = [(count, use.rss_bytes, use.vms_bytes) for count, use in found.points]
        label = f"{found.name}: {units.memory(found.per_connection())} each"
        _draw(resident, [(count, rss / units.MIB) for count, rss, _ in sizes], label, colour)
        label = f"{found.name}: {units.memory(found.per_connection('vms'))} each"
        _draw(virtual, [(count, vms / units.GIB) for count, _, vms in sizes], label, colour)
    resident.set(title="in memory (RSS)", ylabel="MiB")
    virtual.set(title="with an address (VMS)", ylabel="GiB")
    for axes in (resident, virtual):
        axes.set(xlabel="idle connections", ylim=(0, None))
        axes.legend(facecolor="none", edgecolor="none", labelcolor=GREY)
        axes.title.set_color(GREY)
        in_grey(axes)
    return Plot(figure, _in_words(servers))


def _draw(axes: Any, points: list[tuple[float, float]], label: str, colour: str) -> None:
    counts, sizes = zip(*points, strict=True)
    each = slope(points) or 0.0
    at_0 = sum(sizes) / len(sizes) - each * sum(counts) / len(counts)
    line = [at_0 + each * count for count in counts]
    axes.plot(counts, line, "-", color=colour, linewidth=1.2, label=label)
    axes.plot(counts, sizes, "o", color=colour)


def _in_words(servers: Sequence[Footprint]) -> str:
    return "; ".join(
        f"{found.name}: {units.memory(found.per_connection())} resident and "
        f"{units.memory(found.per_connection('vms'))} virtual for each "
        f"of {found.most:,} connections"
        for found in servers
    )
