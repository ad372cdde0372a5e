"""Stacks drawn as what they are: ranges of addresses, of which a little is in memory.

Rule: drawn to scale. What is too small to be seen there is shown once more, enlarged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from asyncweb.drawing import units
from asyncweb.loadtest.plot import COLOURS, GREY, Plot, in_grey, new_figure

if TYPE_CHECKING:
    from asyncweb.lab.stack import Stack

SIZE_INCHES = (10.0, 4.2)
RESERVED_ALPHA = 0.3


def map_of_stacks(stacks: Mapping[str, Stack]) -> Plot:
    """`stacks`, each as a bar: on the left whole, on the right its top, enlarged.

    A stack begins at its highest address and grows down, so what is in memory hangs from the top.
    Raises LoadError when matplotlib is not installed.
    """
    figure = new_figure("", SIZE_INCHES)
    whole, top = figure.subplots(1, 2)
    most = max(stack.resident_bytes for stack in stacks.values())
    tallest = max(stack.reserved_bytes or stack.resident_bytes for stack in stacks.values())
    _draw(whole, stacks, tallest, units.MIB)
    _draw(top, stacks, 4 * most, units.KIB)
    whole.set(title="the whole stack", ylabel="MiB below its beginning")
    top.set(title="its beginning, enlarged", ylabel="KiB below its beginning")
    for axes in (whole, top):
        in_grey(axes)
        axes.grid(visible=False, axis="x")
        axes.title.set_color(GREY)
    handles, labels = whole.get_legend_handles_labels()
    figure.legend(
        handles[:2], labels[:2], loc="outside upper right", ncols=2, frameon=False, labelcolor=GREY
    )
    return Plot(figure, _in_words(stacks))


def _draw(axes: Any, stacks: Mapping[str, Stack], shown_bytes: int, unit: int) -> None:
    reserved = [min(stack.reserved_bytes or 0, shown_bytes) / unit for stack in stacks.values()]
    resident = [min(stack.resident_bytes, shown_bytes) / unit for stack in stacks.values()]
    names = list(stacks)
    axes.bar(names, reserved, color=COLOURS[0], alpha=RESERVED_ALPHA, label="reserved: an address")
    axes.bar(names, resident, color=COLOURS[1], label="resident: memory")
    axes.set_ylim(shown_bytes / unit, 0)


def _in_words(stacks: Mapping[str, Stack]) -> str:
    return "; ".join(
        f"{name}: {units.memory(stack.reserved_bytes)} reserved, "
        f"{units.memory(stack.resident_bytes)} resident"
        for name, stack in stacks.items()
    )
