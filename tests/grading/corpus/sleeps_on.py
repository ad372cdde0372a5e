"""Sleeps for an hour.

outcome: timed_out
label: hang
score: 3
line: time.sleep(3600)
"""

import asyncio
import time


def add(a, b):
    time.sleep(3600)


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
