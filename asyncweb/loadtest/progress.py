"""How a load test stands while it runs.

Rule: counts since its beginning, but for the rate, which is the present one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asyncweb.metrics.histogram import Histogram


@dataclass(frozen=True, slots=True)
class Progress:
    """A load test under way."""

    at_s: float  # since it began
    requests: int  # whole answers since it began
    throughput_rps: float  # since the progress before
    latency: Histogram  # in seconds, since it began
    errors: Mapping[str, int]
    connected: int  # connections open now
    in_flight: int  # requests sent and not yet answered
