"""A Python function that says of each request what it is.

Rule: whatever it does wrong becomes one LoadError that names its file and line.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, TypeAlias

from asyncweb.errors import LoadError
from asyncweb.loadtest.ask import Ask, check_target

Asking: TypeAlias = Callable[[int, Random], Ask | str]
Speller: TypeAlias = Callable[[int, Random], bytes]


def written_by(
    function: Asking, speller: Callable[[Ask], Speller], numbers: Iterable[int], dice: Random
) -> Iterator[tuple[bytes, bool]]:
    """Each request that `function` of its number and the dice makes, and whether it is a HEAD.

    `speller` makes what spells an Ask. Raises LoadError when the function fails, or gives neither
    an Ask nor a path.

    >>> from itertools import count
    >>> speller = lambda ask: ask.speller("t", "/", keep_alive=True)
    >>> requests = written_by(lambda n, dice: f"/users/{n}", speller, count(), Random(0))
    >>> next(requests), next(requests)[0][:16]
    ((b'GET /users/0 HTTP/1.1\\r\\nhost: t\\r\\n\\r\\n', False), b'GET /users/1 HTT')
    """
    plain = speller(Ask("/"))(0, dice)
    method, _, rest = plain.partition(b"/")
    for number in numbers:
        try:
            asked = function(number, dice)
            if not isinstance(asked, str) or "{{" in asked:
                ask = _checked(asked)
                yield speller(ask)(number, dice), ask.method == "HEAD"
            else:  # which costs a tenth of the general way
                check_target(asked)
                yield b"%b%b%b" % (method, asked.encode(), rest), False
        except (Exception, SystemExit) as error:
            raise LoadError(f"ask, at {_place(function, error)}: {_words(error)}") from error


def _checked(asked: Any) -> Ask:
    if isinstance(asked, str):
        return Ask(asked)
    if not isinstance(asked, Ask):
        raise LoadError(f"it gave {asked!r}: expected an Ask, or a path such as '/users/1'")
    return asked


def _words(error: BaseException) -> str:
    name = "" if isinstance(error, LoadError) else f"{type(error).__name__}: "
    return " ".join(f"{name}{error}".split())  # of several lines, one


def _place(function: Asking, error: BaseException) -> str:
    """File and line of what failed in the function's own file, or else of the function."""
    code = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    if code is None:
        return repr(function)
    line = code.co_firstlineno
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == code.co_filename:
            line = frame.lineno or line
    return f"{code.co_filename}:{line}"
