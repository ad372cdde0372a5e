"""Has done one task, and not the other.

outcome: not_attempted
label: stub
score: 2
line: raise NotImplementedError("Task 1.2: run all callers at once")
"""

import asyncio


def add(a, b):
    return a + b


async def meet(callers):
    raise NotImplementedError("Task 1.2: run all callers at once")
