"""Goes on in a process of its own, and ends the one that is watched.

outcome: crashed
label: crashed
score: 0
line: os._exit(0)
"""

import asyncio
import os

if os.fork():
    os._exit(0)


def add(a, b):
    return a + b


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
