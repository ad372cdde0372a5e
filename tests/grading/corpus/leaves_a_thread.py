"""Leaves a thread behind that never ends.

outcome: failed
label: answer
score: 3
line: def add(a, b):
"""

import asyncio
import threading

threading.Thread(target=threading.Event().wait).start()


def add(a, b):
    return 0


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
