"""Prints without end.

outcome: timed_out
label: hang
score: 3
line: print("no end " * 100)
"""

import asyncio


def add(a, b):
    while True:
        print("no end " * 100)


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
