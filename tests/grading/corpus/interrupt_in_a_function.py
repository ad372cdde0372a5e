"""Pretends that somebody has pressed Ctrl-C.

outcome: crashed
label: crashed
score: 3
line: raise KeyboardInterrupt
"""

import asyncio


def add(a, b):
    raise KeyboardInterrupt


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
