"""Waits for the first caller before it starts the second.

outcome: timed_out
label: hang
score: 2
line: return [await caller() for caller in callers]
"""

import asyncio


def add(a, b):
    return a + b


async def meet(callers):
    return [await caller() for caller in callers]
