"""What `start` and `stop` may be told.

Rule: it is checked at the call, before anything is started or stopped: a mistake changes nothing.
"""

from __future__ import annotations

LONGEST_DRAIN_S = 86_400.0  # a day; a thread's wait for another knows no infinity


def check_workers(workers: object) -> None:
    """Raises ValueError when that is no number of workers."""
    if workers is None or (type(workers) is int and workers >= 1):
        return
    raise ValueError(f"workers={workers!r}: expected a whole number of processes, 1 or more")


def check_drain(drain_s: object) -> None:
    """Raises TypeError when that is no number, ValueError when nobody can drain for so long.

    >>> check_drain(0.5)
    >>> check_drain(-1)
    Traceback (most recent call last):
    ValueError: drain_s=-1: expected seconds, 0 (cut off at once) to 86400
    """
    fault = f"drain_s={drain_s!r}: expected seconds, 0 (cut off at once) to {LONGEST_DRAIN_S:.0f}"
    if isinstance(drain_s, bool) or not isinstance(drain_s, int | float):
        raise TypeError(fault)
    if not 0 <= drain_s <= LONGEST_DRAIN_S:  # nor is it not-a-number
        raise ValueError(fault)
