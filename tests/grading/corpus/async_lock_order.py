"""Takes two locks in two orders, in two tasks.

outcome: timed_out
label: hang
score: 2
line: await asyncio.gather(take(first, second), take(second, first))
"""

import asyncio

async def take(one, other):
    async with one:
        await asyncio.sleep(0)
        async with other:
            pass


def add(a, b):
    return a + b


async def meet(callers):
    first, second = asyncio.Lock(), asyncio.Lock()
    await asyncio.gather(take(first, second), take(second, first))
