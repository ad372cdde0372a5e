"""Gives an answer that cannot be shown.

outcome: failed
label: answer
score: 3
line: def add(a, b):
"""

import asyncio

class Hostile:
    def __repr__(self):
        raise SystemError("no")


def add(a, b):
    return Hostile()


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
