"""Breaks what everything is made of.

outcome: crashed
label: crashed
score: 0
line: 
"""

import asyncio
import builtins

builtins.isinstance = lambda value, kind: True


def add(a, b):
    return 0


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
