"""What the view says of itself: who is the limit, what looking costs, what it has missed.

Rule: it is said where the figures are, and before anybody asks.
"""

from __future__ import annotations

from asyncweb.dashboard.load_lines import suspicions
from asyncweb.drawing import units
from asyncweb.loadtest.noise import PAIR
from asyncweb.metrics.snapshot import Frame, Watch


def honesty(frame: Frame) -> list[str]:
    """Sentences about the measuring; none where there is nothing to say."""
    said = []
    if frame.turn is not None:
        faults = [text for text, is_bad in suspicions(frame.turn.generator) if is_bad]
        if faults:
            said.append(f"The client is the limit: {', '.join(faults)}")
    if frame.watch is not None:
        said.append(watching(frame.watch))
        if len(frame.tracks) > 1:
            # By how much twins have differed; a difference within that is no verdict.
            said.append(f"A/A band: rate {PAIR['throughput']:.2f}x, p99 {PAIR['p99']:.0f}x")
    return said


def watching(watch: Watch) -> str:
    """What looking costs, and what it has missed.

    >>> watching(Watch(looks=240, missed=2, cpu_percent=3.4))
    'this view: 3 % of a core, 2 of 240 looks missed'
    """
    cost = f"{units.percent(watch.cpu_percent)} of a core"
    missed = f"{units.count(watch.missed)} of {units.count(watch.looks)} looks missed"
    return f"this view: {cost}, {missed}"
