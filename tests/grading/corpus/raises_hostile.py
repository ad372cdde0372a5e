"""Raises an error that cannot be shown.

outcome: failed
label: raised
score: 3
line: raise Hostile
"""

import asyncio

class Hostile(Exception):
    def __str__(self):
        raise ValueError("no")

    __repr__ = __str__


def add(a, b):
    raise Hostile


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
