"""Asks for more memory than there is.

outcome: failed
label: raised
score: 3
line: return [0] * (1 << 60)
"""

import asyncio


def add(a, b):
    return [0] * (1 << 60)


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
