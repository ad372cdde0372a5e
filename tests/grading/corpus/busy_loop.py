"""Turns in place.

outcome: timed_out
label: hang
score: 3
line: a = a
"""

import asyncio


def add(a, b):
    while True:
        a = a


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
