"""Turns in place.

outcome: timed_out
label: hang
score: 3
line: while a == a:
"""

import asyncio


def add(a, b):
    while a == a:
        pass


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
