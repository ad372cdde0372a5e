"""What Locust's own table is told: the difference that a result makes since the last report.

Rule: Locust counts in whole milliseconds and adds what it is told, so each answer is told once, and
the sum of all reports is what was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from asyncweb.loadtest.result import Result
from asyncweb.metrics.histogram import Histogram


class Table:
    """The one row of a worker: what it asked, and what became of it."""

    def __init__(self, method: str, name: str, began_at: float):
        self._method = method
        self._name = name
        self._began_at = began_at
        self._told_times: Counter[int] = Counter()
        self._told_errors: Counter[str] = Counter()
        self._told_ms = 0.0
        self._told_bytes = 0
        self._requests_of: Counter[int] = Counter()  # of each second, since the last report
        self._failures_of: Counter[int] = Counter()
        self._seen = self._seen_errors = 0

    def see(self, result: Result, now: float) -> None:
        """Notes in which second, by the clock on the wall, what is new in `result` came."""
        errors = sum(result.errors.values())
        self._requests_of[int(now)] += result.requests - self._seen
        self._failures_of[int(now)] += errors - self._seen_errors
        self._seen, self._seen_errors = result.requests, errors

    def report(self, result: Result, now: float) -> dict[str, Any]:
        """What is new in `result`, as the data of a stats report."""
        self.see(result, now)
        errors = Counter(result.errors)
        row = self._row(result, Counter(milliseconds(result.latency)), errors, now)
        told = {
            "stats": [row],
            "stats_total": {**row, "name": "Aggregated", "method": ""},
            "errors": dict(map(self._error, (errors - self._told_errors).items())),
        }
        self._told_errors = errors
        self._requests_of, self._failures_of = Counter(), Counter()
        return told

    def _row(
        self, result: Result, times: Counter[int], errors: Mapping[str, int], now: float
    ) -> dict[str, Any]:
        new = times - self._told_times
        total_ms, latency = 1000 * result.latency.total, result.latency
        row = {
            "name": self._name,
            "method": self._method,
            "start_time": self._began_at,
            "last_request_timestamp": now if new else None,
            "num_requests": new.total(),
            "num_none_requests": 0,
            "num_failures": sum(errors.values()) - self._told_errors.total(),
            "total_response_time": total_ms - self._told_ms,
            "min_response_time": 1000 * latency.min if latency.count else None,
            "max_response_time": 1000 * latency.max,
            "total_content_length": result.received_bytes - self._told_bytes,
            "response_times": dict(new),
            "num_reqs_per_sec": dict(+self._requests_of),
            "num_fail_per_sec": dict(+self._failures_of),
        }
        self._told_times, self._told_ms = times, total_ms
        self._told_bytes = result.received_bytes
        return row

    def _error(self, kind_count: tuple[str, int]) -> tuple[str, dict[str, Any]]:
        kind, count = kind_count
        error = {"method": self._method, "name": self._name, "error": kind, "occurrences": count}
        return f"{self._method}.{self._name}.{kind}", error


def milliseconds(latency: Histogram) -> Mapping[int, int]:
    """How many answers took each number of milliseconds, of two digits, as Locust rounds them.

    >>> milliseconds(Histogram([0.0001, 0.0021, 0.147, 3.432]))
    {0: 1, 2: 1, 150: 1, 3400: 1}
    """
    return _added((_rounded(500 * (low + high)), count) for low, high, count in latency.buckets())


def _added(counts: Iterable[tuple[int, int]]) -> dict[int, int]:
    total: Counter[int] = Counter()
    for value, count in counts:
        total[value] += count
    return dict(total)


def _rounded(value_ms: float) -> int:
    whole = round(value_ms)
    return round(whole, min(2 - len(str(whole)), 0))
