"""What a snapshot tells of latencies, by everything that was answered until then.

Rule: one of these for each server; it remembers the looks of the last seconds and nothing else.
"""

from __future__ import annotations

from typing import Any

from asyncweb.metrics.histogram import Histogram, details
from asyncweb.metrics.recent import Recent, bands


class Latencies:
    """Gives the fields of a Snapshot that tell of latencies.

    `before` is what had been answered before the first look; None: that is not known.

    >>> fields = Latencies(Histogram()).look(1.0, Histogram([0.5]))
    >>> fields["latency_s"]["p99.9"], sum(fields["heat"])
    (0.5, 1)
    """

    def __init__(self, before: Histogram | None = None):
        self._recent = Recent(before)
        self._recent_service = Recent(before)

    def look(
        self, at_s: float, latency: Histogram, service: Histogram | None = None
    ) -> dict[str, Any]:
        """The fields, of all latencies until now; of an open loop also from the send."""
        now, lately = self._recent.look(at_s, latency)
        fields: dict[str, Any] = {
            "latency": latency,
            "latency_s": details(latency) if latency.count else {},
            "recent_s": details(lately) if lately.count else {},
            "heat": bands(now) if now.count else (),
        }
        if service is not None:
            _, lately = self._recent_service.look(at_s, service)
            fields["service_s"] = details(service)
            fields["recent_service_s"] = details(lately) if lately.count else {}
        return fields
