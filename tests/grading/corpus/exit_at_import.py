"""Ends the process while it is imported, with the exit code of success.

outcome: crashed
label: crashed
score: 0
line: os._exit(0)
"""

import asyncio
import os

os._exit(0)


def add(a, b):
    return a + b


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
