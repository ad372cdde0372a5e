"""What became different between two values, as JSON; and the later value, told the earlier one.

    dataclass   {"field": its change, ...}, only the fields that differ
    mapping     {"key": its change, ...} likewise; [] for a key that is gone
    histogram   {"counts": {"470": "30c(40)"}, ...}: 3, 0, 12 and 40 more in the buckets 470 to 473;
                a digit to base 36 each, what is larger or negative in parentheses
    tuple       [[...]], all of it
    float       six digits of it

Rule: what can be told of a dataclass follows from its fields. A new field travels by itself; one
that is not told keeps its default, and one that is not known is passed over.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from asyncweb.metrics.histogram import LAST_BUCKET, Histogram

DIGITS = 6  # ten milliseconds of an hour
GONE: list[Any] = []
NEAR = 8  # buckets; beyond that a run of its own is shorter
_DIGITS = string.digits + string.ascii_lowercase
_COUNT = re.compile(r"\(([^)]*)\)|(.)", re.DOTALL)


def change(before: Any, now: Any) -> Any:
    """What to tell somebody who knows `before` (None: nothing yet), so that they know `now`.

    >>> change({"reset": 1, "timeout": 2}, {"reset": 3})
    {'timeout': [], 'reset': 3}
    """
    if isinstance(now, Histogram):
        return _histogram_change(before or Histogram(), now)
    if is_dataclass(now):
        known = _known_fields(type(now), before)
        return _differing(known, {part.name: getattr(now, part.name) for part in fields(now)})
    if isinstance(now, Mapping):
        before = before if isinstance(before, Mapping) else {}
        gone = {str(key): GONE for key in before if key not in now}
        return gone | _differing(before, now)
    if isinstance(now, tuple | list):
        return [[change(None, item) for item in now]]
    if isinstance(now, Enum):
        return now.value
    return _rounded(now) if isinstance(now, float) else now


def changed(hint: Any, before: Any, told: Any) -> Any:
    """What is there now, of the type `hint`, by the change `told` since `before`.

    Raises TypeError or ValueError for what cannot have been told of such a type.

    >>> changed(Mapping[str, int], {"reset": 1, "timeout": 2}, {"timeout": [], "reset": 3})
    {'reset': 3}
    """
    kinds = _kinds(hint)
    if told is None and not {NoneType, Any}.isdisjoint(kinds):
        return None
    kind: Any = next(kind for kind in kinds if kind is not NoneType)
    if kind is Any:
        kind = type(told)
    origin = get_origin(kind) or kind
    if origin in (tuple, list):
        items = _expect(list, _only(told))
        return origin(
            changed(item_hint, None, item) for item_hint, item in _with_hints(kind, items)
        )
    if kind is Histogram:
        return _histogram_changed(before or Histogram(), _expect(dict, told))
    if is_dataclass(kind):
        return _dataclass_changed(kind, before, _expect(dict, told))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_changed(get_args(kind), before, _expect(dict, told))
    return _scalar(kind, told)


def plain(value: Any) -> Any:
    """All of `value` as JSON, for those who do not read recordings."""
    if isinstance(value, Histogram):
        return value.to_dict()
    if is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def _differing(known: Mapping[Any, Any], now: Mapping[Any, Any]) -> dict[str, Any]:
    told = {}
    for key, value in now.items():
        if key not in known:
            told[str(key)] = change(None, value)
        elif not _is_told(known[key], value, difference := change(known[key], value)):
            told[str(key)] = difference
    return told


def _is_told(before: Any, now: Any, difference: Any) -> bool:
    """Whether nothing is left to tell; figures that differ in the seventh digit are the same."""
    if before is None or now is None:
        return before is now
    if isinstance(difference, dict):
        return not difference and type(before) is type(now)
    return bool(difference == change(None, before))


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _histogram_change(before: Histogram, now: Histogram) -> dict[str, Any]:
    then, data = before.to_dict(), now.to_dict()
    was, counts = then.pop("counts"), data.pop("counts")
    more = {
        int(bucket): counts.get(bucket, 0) - was.get(bucket, 0) for bucket in counts.keys() | was
    }
    told = _differing(then, data)
    runs = _runs({bucket: count for bucket, count in more.items() if count})
    return ({"counts": runs} if runs else {}) | told


def _histogram_changed(before: Histogram, told: dict[str, Any]) -> Histogram:
    data = before.to_dict()
    counts = data["counts"]
    for start, run in told.get("counts", {}).items():
        for bucket, (large, small) in enumerate(_COUNT.findall(run), int(start)):
            if not 0 <= bucket <= LAST_BUCKET:
                raise ValueError(f"no histogram has a bucket {bucket}")
            more = int(large) if large else int(small, 36)
            counts[str(bucket)] = counts.get(str(bucket), 0) + more
    data |= {name: _scalar(float, told[name]) for name in data.keys() & told if name != "counts"}
    return Histogram.from_dict(
        {**data, "counts": {b: count for b, count in counts.items() if count}}
    )


def _runs(counts: Mapping[int, int]) -> dict[str, str]:
    """Near ones stand together: half of a recording is histograms.

    >>> _runs({470: 3, 472: 12, 473: 40, 600: -1})
    {'470': '30c(40)', '600': '(-1)'}
    """
    runs: dict[str, str] = {}
    start, end = 0, -NEAR
    for bucket, count in sorted(counts.items()):
        if bucket - end >= NEAR:
            start, end = bucket, bucket - 1
            runs[str(start)] = ""
        digit = _DIGITS[count] if 0 <= count < len(_DIGITS) else f"({count})"
        runs[str(start)] += "0" * (bucket - end - 1) + digit
        end = bucket
    return runs


def _dataclass_changed(kind: Any, before: Any, told: dict[str, Any]) -> Any:
    hints = _hints(kind)
    known = _known_fields(kind, before)
    for name in told.keys() & hints:
        known[name] = changed(hints[name], known.get(name), told[name])
    return kind(**known)


def _mapping_changed(hints: tuple[Any, ...], before: Any, told: dict[str, Any]) -> dict[Any, Any]:
    key_kind, hint = hints or (str, Any)  # a plain dict of JSON
    now = dict(before) if isinstance(before, Mapping) else {}
    for name, value in told.items():
        key = key_kind(name)
        if value == GONE:
            now.pop(key, None)
        else:
            now[key] = changed(hint, now.get(key), value)
    return now


def _scalar(kind: Any, told: Any) -> Any:
    if kind is float:
        told = float(told) if type(told) is int else _expect(float, told)
        if not isfinite(told):
            raise ValueError(f"expected a finite number, got {told}")
    return _expect(kind, told) if kind in (float, int, bool, str) else kind(told)


def _expect(kind: type, told: Any) -> Any:
    if type(told) is not kind:
        raise ValueError(f"expected {kind.__name__}, got {told!r:.40}")
    return told


def _only(told: Any) -> Any:
    if len(_expect(list, told)) != 1:
        raise ValueError(f"expected a list in a list, got {told!r:.40}")
    return told[0]


def _with_hints(kind: Any, items: list[Any]) -> Iterator[tuple[Any, Any]]:
    hints = get_args(kind) or (Any, ...)
    if get_origin(kind) is list or hints[-1] is ...:
        hints = (hints[0],) * len(items)
    return zip(hints, items, strict=True)


def _kinds(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _known_fields(kind: Any, before: Any) -> dict[str, Any]:
    """What is known of each field: what was `before`, or the default."""
    if before is not None:
        return {part.name: getattr(before, part.name) for part in fields(kind)}
    known = {}
    for part in fields(kind):
        if part.default is not MISSING:
            known[part.name] = part.default
        elif part.default_factory is not MISSING:
            known[part.name] = part.default_factory()
    return known


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
