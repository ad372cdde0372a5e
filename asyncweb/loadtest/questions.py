"""What is asked next: the requests of a plan, spelled one by one.

Rule: they depend on the plan and its seed alone, and not on what is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count, repeat
from random import Random

from asyncweb.loadtest.answers import Heads
from asyncweb.loadtest.ask import Ask, mixed
from asyncweb.loadtest.function import written_by
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.websocket import messages

DEFAULT_MESSAGE = "hello"


def requests(plan: Plan, heads: Heads) -> Iterator[tuple[bytes, Heads]]:
    """Each request, and the heads among which its answer's is looked up; those to HEAD have own.

    Raises LoadError when the plan's own function says nothing that can be asked.
    """
    first, step = plan.part  # each process has numbers and luck of its own
    numbers, dice = count(first, step), Random(plan.seed * step + first)
    of_head = Heads(of_head=True)
    if plan.is_websocket:
        message = plan.message or DEFAULT_MESSAGE
        return ((frame, heads) for frame in messages(message, numbers, dice))
    if plan.ask is None:
        return _written(plan, (heads, of_head), numbers, dice)
    spell = partial(
        Ask.speller, host=plan.authority, target=plan.target, keep_alive=plan.keep_alive
    )
    written = written_by(plan.ask, spell, numbers, dice)
    return ((request, of_head if is_head else heads) for request, is_head in written)


def _written(
    plan: Plan, heads: tuple[Heads, Heads], numbers: Iterable[int], dice: Random
) -> Iterator[tuple[bytes, Heads]]:
    kinds = [
        (
            ask.speller(plan.authority, plan.target, plan.keep_alive),
            heads[ask.method == "HEAD"],
        )
        for ask in plan.asks
    ]
    if len(kinds) == 1 and not plan.asks[0].has_blanks:
        speller, among = kinds[0]
        yield from repeat((speller(0, dice), among))
    which = mixed(plan.asks, dice) if len(kinds) > 1 else repeat(0)
    for number, kind in zip(numbers, which, strict=False):
        speller, among = kinds[kind]
        yield speller(number, dice), among
