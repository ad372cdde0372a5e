"""What making the load takes out of the generator itself, and what others take from it.

Rule: the generator suspects itself first.
"""

from __future__ import annotations

import time

from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.probes import MachineTimes


class Strain:
    """The CPU that this process has used since it was made, and how late its loop was.

    >>> strain = Strain()
    >>> strain.lagged(0.25)
    >>> strain.lag_s, 0 <= strain.cpu_s() < 1
    (0.25, True)
    """

    def __init__(self) -> None:
        self._lag = Histogram()
        self._cpu_before_s = time.process_time()
        self._machine = MachineTimes.now()

    def lagged(self, seconds: float) -> None:
        """The loop came so late to its tick."""
        self._lag.record(seconds)

    @property
    def lag_s(self) -> float:
        """The p99 of how late the loop was."""
        return self._lag.percentile(0.99) if self._lag.count else 0.0

    def cpu_s(self) -> float:
        """Seconds of CPU up to now."""
        return time.process_time() - self._cpu_before_s

    def stolen_share(self) -> float:
        """How much of the machine's time a hypervisor has given to others."""
        return self._machine.stolen_share(MachineTimes.now())
