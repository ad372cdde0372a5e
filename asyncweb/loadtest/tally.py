"""What is counted while a load runs: durations, errors, bytes, and what happened in each second.

Rule: noting is one append; counting is done for many at a time. Memory grows with the seconds of
a run, and never with its requests.
"""

from __future__ import annotations

from collections import Counter

from asyncweb.loadtest.second import Second
from asyncweb.metrics.histogram import Histogram

NOTED = 100  # before they are counted: more at a time would make the next requests late


class Tally:
    """The counts of one run."""

    def __init__(self, is_open: bool):
        self._is_open = is_open
        self.connects = Histogram()  # seconds until a connection was made
        self.slips = Histogram()  # seconds that we were late with what was due
        self.errors: Counter[str] = Counter()
        self.received_bytes = self.sent_bytes = 0
        self.dropped = 0  # requests that were due and never sent
        self.asked_before_s = 0.0  # waited, while this counts, for answers that do not count
        self.connecting_s = 0.0  # waited to be connected, while this counts
        self.unasked = 0  # messages that came while none was waited for
        self.seconds: list[Second] = []
        self._latency, self._service = Histogram(), Histogram()  # of the seconds that are over
        self._present = Histogram()  # of this second
        self._durations: list[float] = []
        self._services: list[float] = []
        self._slips: list[float] = []
        self._errors_before = 0

    def answered(self, due_at: float, sent_at: float, now: float) -> None:
        """Notes one whole answer, to a request that was due then and sent at once or later."""
        self._durations.append(now - due_at)
        if self._is_open:
            self._services.append(now - sent_at)
        if len(self._durations) >= NOTED:
            self.count()

    def slipped(self, late_s: float) -> None:
        """Notes how late a request was sent, or put to wait for a connection, by our own doing."""
        self._slips.append(late_s)

    def count(self) -> None:
        """Counts what was noted."""
        self.slips.record_all(self._slips)
        self._slips.clear()
        self._present.record_all(self._durations)
        self._durations.clear()
        self._service.record_all(self._services)
        self._services.clear()

    def latency(self) -> Histogram:
        """Seconds from when a request was due to the last byte of its answer."""
        self.count()
        return self._latency + self._present

    def service(self) -> Histogram:
        """Seconds from when a request was sent; in a closed loop that is when it was due."""
        self.count()
        return self._service.copy() if self._is_open else self.latency()

    @property
    def busy_s(self) -> float:
        """Seconds that requests were waited for, up to their answers."""
        return self.service().total + self.asked_before_s

    def turn_to(self, second: int) -> None:
        """The run is in that second of its life now: those before are over."""
        self.count()
        while len(self.seconds) < second:  # a loop that was held up may have missed some
            self._close_second()

    def _close_second(self) -> None:
        errors = self.errors.total()
        self.seconds.append(Second(len(self.seconds), errors - self._errors_before, self._present))
        self._latency.merge(self._present)
        self._present, self._errors_before = Histogram(), errors
