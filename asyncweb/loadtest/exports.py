"""A result in the formats that other programs read.

Rule: values in seconds and bytes, None where nothing was measured; only `.hgrm` is in milliseconds,
as its readers expect.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asyncweb.errors import LoadError
from asyncweb.metrics.histogram import Histogram, summary

if TYPE_CHECKING:
    from asyncweb.loadtest.result import Result

SECOND = ("at_s", "requests", "errors", "p50_s", "p99_s", "max_s")
HGRM_HEAD = f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} {'1/(1-Percentile)':>14}\n"


def to_dict(result: Result) -> dict[str, Any]:
    """Everything that was found; of the seconds, their figures."""
    return {
        "target": result.target,
        "connections": result.connections,
        "duration_s": result.duration_s,
        "schedule": result.schedule,
        "think_s": result.think_s,
        "requests": result.requests,
        "late": result.late,
        "dropped": result.dropped,
        "unanswered": result.unanswered,
        "unasked": result.unasked,
        "errors": dict(result.errors),
        "throughput_rps": result.throughput_rps,
        "latency_s": result.latency_s,
        "percentiles": [percentile.to_dict() for percentile in result.percentiles],
        "service_s": summary(result.service),
        "slip_s": summary(result.slips),
        "connect_s": summary(result.connects),
        "bytes": {"sent": result.sent_bytes, "received": result.received_bytes},
        "busy_share": result.busy_share,
        "limited_by": result.limited_by,
        "client_cpu": result.client_cpu,
        "client_lag_s": result.client_lag_s,
        "stolen_share": result.stolen_share,
        "interrupted": result.interrupted,
        "warm_up": {
            "duration_s": result.warm_up_s,
            "requests": result.warm_up_requests,
            "seconds": [second.to_dict() for second in result.warm_up],
        },
        "seconds": [second.to_dict() for second in result.seconds],
    }


def to_json(result: Result) -> str:
    """`to_dict` as text."""
    return json.dumps(to_dict(result), indent=2, allow_nan=False) + "\n"


def to_ndjson(result: Result) -> str:
    """A line for each second, then one for the whole; `kind` says which it is."""
    whole = to_dict(result)
    lines = [{"kind": "second", **second} for second in whole.pop("seconds")]
    lines.append({"kind": "summary", **whole})
    return "".join(json.dumps(line, allow_nan=False) + "\n" for line in lines)


def to_csv(result: Result) -> str:
    """The seconds, a line each."""
    text = io.StringIO()
    writer = csv.DictWriter(text, SECOND, lineterminator="\n")
    writer.writeheader()
    writer.writerows(second.to_dict() for second in result.seconds)
    return text.getvalue()


def to_hgrm(histogram: Histogram) -> str:
    """`histogram` as HdrHistogram prints its percentiles and as its plotter reads them."""
    lines = [HGRM_HEAD, "\n"]
    passed = 0
    for value_s, count in _values(histogram):
        passed += count
        share = passed / histogram.count
        beyond = f"{1 / (1 - share):.2f}" if passed < histogram.count else "inf"
        lines.append(f"{1e3 * value_s:12.3f} {share:14.12f} {passed:10d} {beyond:>14}\n")
    mean_s = histogram.mean if histogram.count else 0.0
    squares = sum(count * (value_s - mean_s) ** 2 for value_s, count in _values(histogram))
    spread_s = math.sqrt(squares / max(histogram.count, 1))
    lines += [
        f"#[Mean    = {1e3 * mean_s:12.3f}, StdDeviation   = {1e3 * spread_s:12.3f}]\n",
        f"#[Max     = {1e3 * histogram.max:12.3f}, Total count    = {histogram.count:12d}]\n",
        f"#[Buckets = {len(lines) - 2:12d}, SubBuckets     = {1:12d}]\n",
    ]
    return "".join(lines)


def _values(histogram: Histogram) -> Iterator[tuple[float, int]]:
    """The middle of each bucket, as far as values reach into it, and how many it holds."""
    left = histogram.count
    for start_s, end_s, count in histogram.buckets():
        left -= count
        middle_s = math.sqrt(start_s * end_s)
        yield (min(max(middle_s, histogram.min), histogram.max) if left else histogram.max), count


WRITERS: dict[str, Callable[[Result], str]] = {
    ".json": to_json,
    ".ndjson": to_ndjson,
    ".csv": to_csv,
    ".hgrm": lambda result: to_hgrm(result.latency),
}


def writer_for(path: str | PathLike[str]) -> Callable[[Result], str]:
    """What spells a result as the suffix of `path` says. Raises LoadError for an unknown one."""
    file = Path(path)
    writer = WRITERS.get(file.suffix.lower())
    if writer is None:
        raise LoadError(f"{file}: expected a name that ends in {', '.join(WRITERS)}")
    return writer


def write(result: Result, path: str | PathLike[str]) -> None:
    """Writes `result` as the suffix of `path` says. Raises LoadError for an unknown one."""
    text = writer_for(path)(result)
    Path(path).write_text(text, encoding="utf-8", newline="\n")
