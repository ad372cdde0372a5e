"""Stands still in C, where no other thread gets a turn.

outcome: timed_out
label: hang
score: 3
line: re.match(r"(a+)+$", "a" * 40 + "b")
"""

import asyncio
import re


def add(a, b):
    re.match(r"(a+)+$", "a" * 40 + "b")


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
