"""What kind of value each argument of a server takes.

Rule: a wrong one is refused where it was written, and not by a server that starts and then hangs.
"""

from __future__ import annotations

from typing import Any

from asyncweb.http.limits import Limits
from asyncweb.servers.observer import Observer

_KINDS: dict[str, tuple[Any, str]] = {
    "name": (str | None, "text, such as 'fast'"),
    "limits": (Limits | None, "Limits(...), such as Limits(idle_s=60) or Limits.strict()"),
    "keep_alive": (bool, "True or False"),
    "observer": (Observer | None, "an Observer, such as Recorder()"),
    "port": (int, "0 (any free port) to 65535"),
    "max_threads": (int | None, "at least 1, or None: a thread for each client"),
    "queue": (int, "at least 1"),
}
_RANGES = {"port": range(65536), "max_threads": range(1, 2**31), "queue": range(1, 2**31)}


def check_kinds(**given: object) -> None:
    """Raises TypeError for an argument of another kind, ValueError for a number out of range.

    >>> check_kinds(port=8000, name="fast", limits=None)
    >>> check_kinds(limits=5)
    Traceback (most recent call last):
    TypeError: limits=5: expected Limits(...), such as Limits(idle_s=60) or Limits.strict()
    """
    for name, value in given.items():
        kind, expected = _KINDS[name]
        is_bool = isinstance(value, bool)  # which Python counts among the numbers
        if not isinstance(value, kind) or (is_bool and kind is not bool):
            raise TypeError(f"{name}={value!r}: expected {expected}")
        if value is not None and name in _RANGES and value not in _RANGES[name]:
            raise ValueError(f"{name}={value!r}: expected {expected}")
