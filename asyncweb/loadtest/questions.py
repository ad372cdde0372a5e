"""What is asked next: the requests of a plan, spelled one by one.

Rule: they depend on the plan and its seed alone, and not on what is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, repeat
from random import Random

from asyncweb.loadtest.answers import Heads
from asyncweb.loadtest.ask import mixed
from asyncweb.loadtest.function import written_by
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.websocket import messages

DEFAULT_MESSAGE = "hello"


def requests(plan: Plan, heads: Heads) -> Iterator[tuple[bytes, Heads]]:
    """Each request, and the heads among which its answer's is looked up; those to HEAD have own.

    Raises LoadError when the plan's own function says nothing that can be asked.
    """
    of_head, dice = Heads(of_head=True), Random(plan.seed)
    if plan.is_websocket:
        return ((frame, heads) for frame in messages(plan.message or DEFAULT_MESSAGE, dice))
    if plan.ask is None:
        return _written(plan, heads, of_head)
    written = written_by(plan.ask, plan.authority, plan.target, plan.keep_alive, dice)
    return ((request, of_head if is_head else heads) for request, is_head in written)


def _written(plan: Plan, heads: Heads, of_head: Heads) -> Iterator[tuple[bytes, Heads]]:
    kinds = [
        (
            ask.speller(plan.authority, plan.target, plan.keep_alive),
            of_head if ask.method == "HEAD" else heads,
        )
        for ask in plan.asks
    ]
    dice = Random(plan.seed)
    if len(kinds) == 1 and not plan.asks[0].has_blanks:
        speller, among = kinds[0]
        yield from repeat((speller(0, dice), among))
    which = mixed(plan.asks, dice) if len(kinds) > 1 else repeat(0)
    for number, kind in zip(count(), which, strict=False):
        speller, among = kinds[kind]
        yield speller(number, dice), among
