"""A Python function that says of each request what it is.

Rule: whatever it does wrong becomes one LoadError that names its file and line.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from random import Random
from types import FrameType
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
            place = _place(function, traceback.walk_tb(error.__traceback__))
            raise LoadError(f"ask, at {place}: {_words(error)}") from error


def stuck(function: Asking, innermost: FrameType, seconds: float) -> LoadError | None:
    """That `function` has not returned for so long, and where it is; None if it is not running.

    `innermost` is the frame that its thread is in.
    """
    frames: list[tuple[FrameType, int]] = []
    for frame, line in traceback.walk_stack(innermost):
        if frame.f_code is written_by.__code__:
            name = getattr(function, "__qualname__", repr(function))
            return LoadError(
                f"ask, at {_place(function, reversed(frames))}: {name} has not returned for "
                f"{seconds:g} s, and nothing is asked meanwhile: let it give its answer at once"
            )
        frames.append((frame, line))
    return None


def _checked(asked: Any) -> Ask:
    if isinstance(asked, str):
        return Ask(asked)
    if not isinstance(asked, Ask):
        raise LoadError(f"it gave {asked!r}: expected an Ask, or a path such as '/users/1'")
    return asked


def _words(error: BaseException) -> str:
    name = "" if isinstance(error, LoadError) else f"{type(error).__name__}: "
    return " ".join(f"{name}{error}".split())  # of several lines, one


def _place(function: Asking, frames: Iterable[tuple[FrameType, int]]) -> str:
    """File and line of the last of `frames` in the function's own file, or else of the function."""
    code = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    if code is None:
        return repr(function)
    line = code.co_firstlineno
    for frame, number in frames:
        if frame.f_code.co_filename == code.co_filename:
            line = number
    return f"{code.co_filename}:{line}"
