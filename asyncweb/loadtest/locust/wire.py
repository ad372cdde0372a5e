"""A result as plain values, as a worker sends it to a master beside Locust's own table.

Rule: nothing is lost on the way, and nothing that came is trusted: what is no result is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from asyncweb.errors import LoadError
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.second import Second
from asyncweb.metrics.histogram import Histogram

if TYPE_CHECKING:  # it loads ssl, which has to come after Locust in the process of a master
    from asyncweb.loadtest.plan import Plan

KEY = "asyncweb"  # in the data of a stats report
FORMAT = 1  # counted up when a worker and a master of two releases would misread each other


def partial(progress: Progress, plan: Plan) -> Result:
    """What is known of a load that does `plan` while it runs; it can be merged like the whole."""
    return Result(
        plan.url,
        connections=progress.connected,
        duration_s=progress.at_s,
        requests=progress.requests,
        late=0,
        latency=progress.latency,
        errors=progress.errors,
        service=progress.service,
        dropped=progress.dropped,
        schedule=plan.schedule,
        think_s=plan.think_s,
    )


def to_wire(result: Result) -> dict[str, Any]:
    """`result` as a dict of plain values.

    >>> result = Result("http://10.0.0.1/", 1, 1.0, 2, 0, Histogram([0.0001, 0.5]), {"reset": 1})
    >>> from_wire(to_wire(result)) == result
    True
    """
    return {**_fields(result), "format": FORMAT}


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
    try:
        result = Result(**{name: _whole(data[name]) for name in data.keys() - {"format"}})
        _check(result)
        return result
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LoadError(f"a worker's report cannot be read: {error!r}") from None


def _fields(value: Result | Second) -> dict[str, Any]:
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: Any) -> Any:
    """`value`, which stands in a result, as msgpack and JSON can carry it."""
    match value:
        case Histogram():
            return {"histogram": value.to_dict()}
        case Second():
            return {"second": _fields(value)}
        case Mapping():
            return dict(value)
        case tuple():
            return list(map(_plain, value))
    return value


def _whole(value: Any) -> Any:
    """What `_plain` has made plain."""
    match value:
        case {"histogram": dict(data)}:
            return Histogram.from_dict(data)
        case {"second": dict(data)}:
            return Second(**{name: _whole(part) for name, part in data.items()})
        case list():
            return tuple(map(_whole, value))
    return value


def _check(result: Result) -> None:
    """Raises TypeError for a field of another type than a result has there."""
    for field in fields(Result):
        value, model = getattr(result, field.name), getattr(_MODEL, field.name)
        kind = int | float if isinstance(model, float) else type(model)
        if not isinstance(value, kind):
            raise TypeError(f"{field.name}={value!r}")


_MODEL = Result("", 0, 0.0, 0, 0, Histogram())
