"""What a dashboard takes for itself: the looks it has missed, and its own CPU.

Rule: who measures others measures himself, and tells.
"""

from __future__ import annotations

from asyncweb.metrics.snapshot import Watch

OVER_S = 2.0  # the CPU is told of the last so many seconds


class Looking:
    """Counts looks that are due every `every_s` seconds.

    >>> looking = Looking(every_s=0.25)
    >>> looking.looked(0.25, cpu_s=0.125).missed
    0
    >>> looking.looked(1.25, cpu_s=0.625, unanswered=1)  # three did not come, one had no answer
    Watch(looks=5, missed=4, cpu_percent=50.0)
    """

    def __init__(self, every_s: float):
        self._every_s = every_s
        self._looks = self._missed = 0
        self._last_s = 0.0
        self._past: list[tuple[float, float]] = []  # (moment, CPU seconds until then)

    def looked(self, at_s: float, cpu_s: float, unanswered: int = 0) -> Watch:
        """A look at `at_s`, when the one who looks had used `cpu_s` seconds of CPU."""
        late = max(int((at_s - self._last_s) / self._every_s + 0.5) - 1, 0) if self._looks else 0
        self._last_s = at_s
        self._looks += 1 + late
        self._missed += late + bool(unanswered)
        self._past = [past for past in self._past if past[0] > at_s - OVER_S]
        self._past.append((at_s, cpu_s))
        then_s, then_cpu_s = self._past[0]
        if at_s <= then_s:
            return Watch(self._looks, self._missed)
        percent = 100 * (cpu_s - then_cpu_s) / (at_s - then_s)
        return Watch(self._looks, self._missed, percent)
