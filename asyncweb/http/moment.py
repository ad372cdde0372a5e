"""A moment, as HTTP spells it.

Rule: in English and in UTC, whatever this machine speaks and wherever it is.
"""

from __future__ import annotations

from collections.abc import Sequence

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def spelled_moment(utc: Sequence[int]) -> str:
    """The spelling of RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".

    `utc` is what `time.gmtime` gives: year, month, day, hour, minute, second, weekday.

    >>> spelled_moment((1994, 11, 6, 8, 49, 37, 6))
    'Sun, 06 Nov 1994 08:49:37 GMT'
    """
    year, month, day, hour, minute, second, weekday, *_ = utc
    date = f"{DAYS[weekday]}, {day:02} {MONTHS[month - 1]} {year:04}"
    return f"{date} {hour:02}:{minute:02}:{second:02} GMT"
