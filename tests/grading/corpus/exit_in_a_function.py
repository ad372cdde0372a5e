"""Ends the process in the middle of a test.

outcome: crashed
label: crashed
score: 3
line: os._exit(0)
"""

import asyncio
import os


def add(a, b):
    os._exit(0)


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
