"""Turns in place on the event loop.

outcome: timed_out
label: hang
score: 2
line: callers = callers
"""

import asyncio


def add(a, b):
    return a + b


async def meet(callers):
    while True:
        callers = callers
