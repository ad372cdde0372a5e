"""Small pictures made of block characters: a line of history, and bars of a histogram.

Rule: numbers in, text out; two pictures drawn on one scale can be compared.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from asyncweb.metrics.histogram import Histogram

BLOCKS = " ▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], width: int, top: float) -> str:
    """`values`, oldest first, as `width` characters; `top` is drawn as a full block.

    >>> sparkline([0, 1, 2, 4], width=6, top=4)
    '  ▁▂▄█'
    """
    if width <= 0:
        return ""
    return blocks(_squeeze(values, width), top).rjust(width)


def blocks(levels: Sequence[float | None], top: float) -> str:
    """A block for each of `levels`, up to `top`; nothing where nothing is known.

    >>> blocks([None, 0.0, 4.0, 8.0], top=8.0)
    ' ▁▄█'
    """
    if top <= 0:
        return "".join([" " if level is None else BLOCKS[1] for level in levels])
    heights = [None if level is None else min(round(8 * level / top), 8) for level in levels]
    return "".join([" " if height is None else BLOCKS[max(height, 1)] for height in heights])


def _squeeze(values: Sequence[float], width: int) -> list[float]:
    """At most `width` values; of several that share a place the largest, so no peak is lost."""
    if len(values) <= width:
        return list(values)
    edges = [round(place * len(values) / width) for place in range(width + 1)]
    return [max(values[start:end]) for start, end in itertools.pairwise(edges)]


def columns(histogram: Histogram, low_s: float, high_s: float, width: int) -> list[float]:
    """The share of all durations in each of `width` columns of a logarithmic axis."""
    shares = [0.0] * width
    span = math.log(high_s / low_s)
    for start_s, end_s, number in histogram.buckets():
        middle = math.sqrt(start_s * end_s)
        place = int(width * math.log(middle / low_s) / span)
        shares[min(max(place, 0), width - 1)] += number / histogram.count
    return shares


def bars(shares: Sequence[float], height: int, top: float) -> list[str]:
    """`shares` as upright bars of `height` lines, the upper line first; `top` is full height.

    >>> bars([0.5, 1.0], height=2, top=1.0)
    [' █', '██']
    """
    eighths = [round(8 * height * share / top) if top else 0 for share in shares]
    # Even a single request out of thousands shall be seen: that is what a tail is.
    eighths = [max(level, 1) if share else 0 for level, share in zip(eighths, shares, strict=True)]
    return [
        "".join(BLOCKS[min(max(level - 8 * line, 0), 8)] for level in eighths)
        for line in reversed(range(height))
    ]


def axis(low_s: float, high_s: float, width: int) -> str:
    """The powers of ten between `low_s` and `high_s`, at their places under `width` columns.

    >>> axis(0.0005, 2.0, 30)
    '  1ms     10ms     .1s     1s '
    """
    line = [" "] * width
    span = math.log(high_s / low_s)
    free_from = 0
    for exponent in range(math.ceil(math.log10(low_s)), math.floor(math.log10(high_s)) + 1):
        label = _power(exponent)
        place = int(width * math.log(10**exponent / low_s) / span)
        if free_from <= place <= width - len(label):
            line[place : place + len(label)] = label
            free_from = place + len(label) + 1
    return "".join(line)


def _power(exponent: int) -> str:
    names = {-6: "1µs", -5: "10µs", -4: ".1ms", -3: "1ms", -2: "10ms", -1: ".1s", 0: "1s", 1: "10s"}
    return names.get(exponent, f"1e{exponent}s")
