"""`load.compare`: two measurements beside each other.

Rule: the comparing is done by the room that measures; here the two get their names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar, cast

from asyncweb.errors import LoadError
from asyncweb.lab.report import Measured
from asyncweb.loadtest import compare as comparison
from asyncweb.loadtest.compare import Comparison
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.rounds import Rounds

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)

Found = Measured | Rounds | Result


class Measuring(Protocol[P, R_co]):
    """A function that measures, with `compare` for what it found."""

    compare: Callable[[Found, Found], Comparison]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Measures."""


def compare(a: Found, b: Found) -> Comparison:
    """Whether `a` and `b`, two of what `load` gives or a race holds, differ by more than noise.

    Raises LoadError for what is no measurement, and for loads that were not the same.

    >>> from asyncweb import load
    >>> from asyncweb.metrics.histogram import Histogram
    >>> result = Result("/", 9, 1.0, 2, 0, Histogram([0.1, 0.2]))
    >>> print(load.compare(result, result))
    throughput: a 2.00/s, b 2.00/s; no verdict, there is too little to know the noise. ...
    """
    names = [found.name if isinstance(found, Measured) else "" for found in (a, b)]
    distinct = (names[0], names[1]) if all(names) and names[0] != names[1] else ("a", "b")
    return comparison.compare(_rounds(a), _rounds(b), distinct)


def _rounds(found: Found) -> Rounds | Result:
    if isinstance(found, Measured):
        return found.rounds
    if not isinstance(found, Rounds | Result):
        raise LoadError(f"compare: {found!r} is no measurement; expected what load() gives")
    return found


def comparing(measure: Callable[P, R_co]) -> Measuring[P, R_co]:
    """`measure` itself, with `compare` as an attribute of it."""
    vars(measure)["compare"] = compare
    return cast(Measuring[P, R_co], measure)
