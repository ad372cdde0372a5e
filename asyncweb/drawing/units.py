"""Figures as people read them: three digits and a unit.

Rule: None is an en dash, "not measured", never 0.
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_MEASURED = "–"  # noqa: RUF001  an en dash on purpose
KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB
TIB = 1024 * GIB
MOST_MIB = 10_000  # more is told in GiB, and so on


def seconds(value: float | None) -> str:
    """A duration.

    >>> seconds(0.0123), seconds(2.5), seconds(42e-6)
    ('12.3 ms', '2.50 s', '42.0 µs')
    """
    if value is None:
        return NOT_MEASURED
    if _rounded(value) >= 1:
        return f"{_three_digits(value)} s"
    if _rounded(value) >= 1e-3:
        return f"{_three_digits(value * 1e3)} ms"
    return f"{_three_digits(value * 1e6)} µs" if value else "0 ms"


def rate(value: float | None) -> str:
    """Requests per second.

    >>> rate(12345), rate(87.5)
    ('12.3k/s', '87.5/s')
    """
    if value is None:
        return NOT_MEASURED
    if _rounded(value) >= 1000:
        return f"{_three_digits(value / 1000)}k/s"
    return f"{_three_digits(value)}/s"


def memory(value: float | None) -> str:
    """Bytes in KiB, MiB, and what is above (1 KiB is 1024 bytes).

    >>> memory(2765), memory(33 * MIB), memory(200 * GIB), memory(44_000 * GIB)
    ('2.70 KiB', '33.0 MiB', '200 GiB', '43.0 TiB')
    """
    if value is None:
        return NOT_MEASURED
    if abs(value) >= MOST_MIB * GIB:
        return f"{_three_digits(value / TIB)} TiB"
    if abs(value) >= MOST_MIB * MIB:
        return f"{_three_digits(value / GIB)} GiB"
    if abs(value) >= MIB:
        return f"{_three_digits(value / MIB)} MiB"
    return f"{_three_digits(value / KIB)} KiB"


def count(value: int | None) -> str:
    """A number of things.

    >>> count(1000)
    '1,000'
    """
    return NOT_MEASURED if value is None else f"{value:,}"


def short(value: int | None) -> str:
    """A number of things where there is little room.

    >>> short(999), short(1234), short(12_345), short(180_000_000), short(None)
    ('999', '1.2k', '12k', '180M', '\u2013')
    """
    if value is None or value < 1000:
        return count(value)
    size, unit = (value / 1e3, "k") if _rounded(value) < 1e6 else (value / 1e6, "M")
    return f"{size:.1f}{unit}" if round(size, 1) < 10 else f"{size:,.0f}{unit}"


def percent(value: float | None) -> str:
    """A share of one core.

    >>> percent(87.4)
    '87 %'
    """
    return NOT_MEASURED if value is None else f"{value:.0f} %"


def errors(kinds: Mapping[str, int]) -> str:
    """Errors by kind, the most frequent first.

    >>> errors({"reset": 2, "timeout": 12})
    'timeout 12, reset 2'
    """
    if not kinds:
        return "none"
    ordered = sorted(kinds.items(), key=lambda item: -item[1])
    return ", ".join(f"{kind} {count(number)}" for kind, number in ordered)


def _three_digits(value: float) -> str:
    size = abs(_rounded(value))
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def _rounded(value: float) -> float:
    """To three digits; by these the unit is chosen, or 999.9 ms would be told as 1,000 ms."""
    return float(f"{value:.3g}")
