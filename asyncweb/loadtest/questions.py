"""What is asked next: the requests of a plan, spelled one by one.

Rule: they depend on the plan and its seed alone, and not on what is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, repeat
from random import Random

from asyncweb.loadtest.answers import Heads
from asyncweb.loadtest.ask import mixed
from asyncweb.loadtest.plan import Plan


def requests(plan: Plan, heads: Heads) -> Iterator[tuple[bytes, Heads]]:
    """Each request, and the heads among which its answer's is looked up; those to HEAD have own."""
    of_head = Heads(of_head=True)
    kinds = [
        (
            ask.speller(plan.authority, plan.target, plan.keep_alive),
            of_head if ask.method == "HEAD" else heads,
        )
        for ask in plan.asks
    ]
    first, step = plan.part  # each process has numbers and luck of its own
    dice = Random(plan.seed * step + first)
    if len(kinds) == 1 and not plan.asks[0].has_blanks:
        speller, among = kinds[0]
        yield from repeat((speller(0, dice), among))
    which = mixed(plan.asks, dice) if len(kinds) > 1 else repeat(0)
    for number, kind in zip(count(first, step), which, strict=False):
        speller, among = kinds[kind]
        yield speller(number, dice), among
