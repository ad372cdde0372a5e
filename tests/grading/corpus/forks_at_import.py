"""Is two from now on.

outcome: failed
label: answer
score: 3
line: def add(a, b):
"""

import asyncio
import os

os.fork()


def add(a, b):
    return 0


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
