"""Closes everything that is open.

outcome: crashed
label: crashed
score: 0
line: 
"""

import asyncio
import os

os.closerange(0, 64)


def add(a, b):
    return 0


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
