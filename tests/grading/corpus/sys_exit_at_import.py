"""Leaves politely while it is imported.

outcome: crashed
label: crashed
score: 0
line: sys.exit(0)
"""

import asyncio
import sys

sys.exit(0)


def add(a, b):
    return a + b


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
