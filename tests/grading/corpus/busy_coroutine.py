"""Turns in place on the event loop.

outcome: timed_out
label: hang
score: 2
line: while callers:
"""

import asyncio


def add(a, b):
    return a + b


async def meet(callers):
    while callers:
        pass
