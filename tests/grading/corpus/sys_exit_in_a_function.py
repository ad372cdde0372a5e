"""Leaves politely in the middle of a test.

outcome: crashed
label: crashed
score: 3
line: sys.exit(0)
"""

import asyncio
import sys


def add(a, b):
    sys.exit(0)


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
