"""Who keeps an object alive: how many of a kind there are, and what holds the latest of them.

Rule: looking holds nothing. It asks the garbage collector, and tells in words; no object that was
looked at is given out.
"""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from types import (
    AsyncGeneratorType,
    BuiltinMethodType,
    CellType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
)
from typing import Any

MOST_STEPS = 4
GENERATIONS = (0, 1, 2)  # of the garbage collector, the youngest first
ROOTS = (ModuleType, asyncio.Task)  # what keeps these is nobody's mistake
WAITS = (CoroutineType, GeneratorType, AsyncGeneratorType)
PASSED_BY = (CellType, tuple)  # how a function holds its variables; no news to anybody


def living(kind: type) -> int:
    """How many objects of exactly this class the garbage collector knows.

    >>> class Page: ...
    >>> pages = [Page() for _ in range(3)]
    >>> living(Page)
    3
    """
    return sum(type(thing) is kind for thing in gc.get_objects())


def holders(kind: type, most: int = MOST_STEPS) -> str:
    """What keeps the latest object of `kind`, and what keeps that, in a line for each step.

    The chain ends at a module or a task, or after `most` steps.

    >>> class Page: ...
    >>> shelf = {"first": Page(), "second": Page()}
    >>> print(holders(Page, most=1))
    a Page
      is kept by a dict of 2: 'first', 'second'
    """
    latest = _latest(kind)
    if latest is None:
        return f"no {kind.__name__} is alive"
    chain = _chain(latest, most) or ("nothing that can be seen",)
    steps = [f"{'  ' * step}is kept by {holder}" for step, holder in enumerate(chain, 1)]
    return "\n".join((f"a {kind.__name__}", *steps))


def _latest(kind: type) -> Any:
    """One of the youngest generation that has any; None when there is none."""
    for generation in GENERATIONS:
        for thing in reversed(gc.get_objects(generation)):
            if type(thing) is kind:
                return thing
    return None


def _chain(thing: Any, most: int) -> tuple[str, ...]:
    """The holders in words, by the shortest way to a root; else the longest that was found."""
    waiting: deque[tuple[Any, tuple[str, ...]]] = deque([(thing, ())])
    seen, longest = {id(thing)}, waiting[0][1]
    while waiting:
        held, told = waiting.popleft()
        longest = max(longest, told, key=len)
        if len(told) >= most or isinstance(held, ROOTS):
            return told
        for holder in gc.get_referrers(held):
            if holder is held:
                return (*told, "itself: a cycle")
            if id(holder) in seen or isinstance(holder, FrameType):
                continue
            seen.add(id(holder))
            is_news = not isinstance(holder, PASSED_BY)
            waiting.append((holder, (*told, described(holder)) if is_news else told))
    return longest


def described(thing: Any) -> str:
    """What an object is, in a few words.

    >>> described([1, 2]), described(described)
    ('a list of 2', 'the function described')
    >>> described([].append)
    'the method list.append'
    """
    name = getattr(thing, "__qualname__", type(thing).__qualname__).rpartition("<locals>.")[2]
    match thing:
        case dict():
            keys = ", ".join(repr(key) for key in list(thing)[:3])
            return f"a dict of {len(thing)}: {keys}" + ", ..." * (len(thing) > 3)
        case list() | set() | frozenset() | deque() | tuple():
            return f"a {type(thing).__name__} of {len(thing)}"
        case FunctionType():
            return f"the function {name}"
        case MethodType() | BuiltinMethodType():
            return f"the method {name}"
        case ModuleType():
            return f"the module {thing.__name__}"
        case _ if isinstance(thing, asyncio.Future):
            return f"a {type(thing).__name__} that is {'done' if thing.done() else 'pending'}"
        case _ if isinstance(thing, WAITS):
            return f"the {type(thing).__name__} {name}, in which it is a variable"
    return f"a {type(thing).__name__}"
