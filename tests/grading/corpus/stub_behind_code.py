"""Has written something, and left the line of the stub behind it.

outcome: not_attempted
label: stub
score: 3
line: raise NotImplementedError("Task 1.1: add the numbers")
"""

import asyncio


def add(a, b):
    total = a + b
    raise NotImplementedError("Task 1.1: add the numbers")


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
