"""Writes a file without end.

outcome: failed
label: raised
score: 3
line: print("no end " * 100, file=file)
"""

import asyncio


def add(a, b):
    with open("full", "w") as file:
        while True:
            print("no end " * 100, file=file)


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
