"""Dates of HTTP, written and read.

Rule: what is written is always the one spelling of RFC 9110, 5.6.7; what is read may be any of
its three, and what is none of them is nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from asyncweb.http.moment import MONTHS, spelled_moment

_MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, 1)}


def http_date(seconds_since_epoch: float) -> str:
    """The moment as RFC 9110, 5.6.7 spells it: "Sun, 06 Nov 1994 08:49:37 GMT"."""
    return spelled_moment(datetime.fromtimestamp(seconds_since_epoch, UTC).timetuple())


@lru_cache(maxsize=1024)  # clients send back the few dates they were sent
def parse_http_date(text: str) -> int | None:
    """The seconds since the epoch that `text` means; None when it is no date of HTTP.

    >>> parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT")
    784111777
    >>> parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT")
    784111777
    >>> parse_http_date("yesterday") is None
    True
    """
    words = text.replace("-", " ").replace(",", " ").split()
    try:
        if len(words) == 5:  # asctime: Sun Nov  6 08:49:37 1994
            _, month, day, clock, year = words
        else:
            _, day, month, year, clock, zone = words
            if zone != "GMT":
                return None
        hour, minute, second = (int(part) for part in clock.split(":"))
        number = _year(year)
        at = datetime(number, _MONTH_NUMBERS[month], int(day), hour, minute, min(second, 59))
        return int(at.replace(tzinfo=UTC).timestamp())
    except (ValueError, KeyError, OverflowError):
        return None


def _year(text: str) -> int:
    """The year; of two digits, that of the years 1970 to 2069."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (1900 if year >= 70 else 2000)
