"""A result as plain values, as a worker sends it to a master beside Locust's own table.

Rule: nothing is lost on the way, and nothing that came is trusted: what is no result is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from asyncweb.errors import LoadError
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.second import Second
from asyncweb.metrics.histogram import Histogram

KEY = "asyncweb"  # in the data of a stats report
FORMAT = 1  # counted up when a worker and a master of two releases would misread each other
HISTOGRAMS = ("latency", "service", "slips", "connects")


def partial(progress: Progress, target: str) -> Result:
    """What is known of a load on `target` while it runs."""
    return Result(
        target,
        connections=progress.connected,
        duration_s=progress.at_s,
        requests=progress.requests,
        late=0,
        latency=progress.latency,
        errors=progress.errors,
    )


def to_wire(result: Result) -> dict[str, Any]:
    """`result` as a dict of plain values.

    >>> result = Result("http://10.0.0.1/", 1, 1.0, 2, 0, Histogram([0.0001, 0.5]), {"reset": 1})
    >>> from_wire(to_wire(result)) == result
    True
    """
    values = {field.name: getattr(result, field.name) for field in fields(result)}
    for name in HISTOGRAMS:
        values[name] = values[name].to_dict()
    values["errors"] = dict(result.errors)
    values["seconds"] = [
        [second.at_s, second.errors, second.latency.to_dict()] for second in result.seconds
    ]
    return {**values, "format": FORMAT}


def from_wire(data: object) -> Result:
    """The result that `to_wire` wrote. Raises LoadError for anything else.

    >>> from_wire({"format": 2})
    Traceback (most recent call last):
    asyncweb.errors.LoadError: a worker reports in format 2, and this is format 1: install ...
    """
    if not isinstance(data, Mapping):
        raise LoadError(f"a worker reported {type(data).__name__}, where a result was expected")
    if data.get("format") != FORMAT:
        raise LoadError(
            f"a worker reports in format {data.get('format')!r}, and this is format {FORMAT}: "
            "install the same release of asyncweb on all machines"
        )
    values = {name: value for name, value in data.items() if name != "format"}
    try:
        for name in HISTOGRAMS:
            values[name] = Histogram.from_dict(values[name])
        values["seconds"] = tuple(
            Second(at_s, errors, Histogram.from_dict(latency))
            for at_s, errors, latency in values["seconds"]
        )
        return Result(**values)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LoadError(f"a worker's report cannot be read: {error!r}") from None
