"""Waits for what never comes.

outcome: timed_out
label: hang
score: 2
line: await asyncio.Event().wait()
"""

import asyncio


def add(a, b):
    return a + b


async def meet(callers):
    await asyncio.Event().wait()
