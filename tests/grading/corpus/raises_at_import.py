"""Divides by zero while it is imported.

outcome: crashed
label: crashed
score: 0
line: 1 / 0
"""

import asyncio

1 / 0


def add(a, b):
    return a + b


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
