"""Does not let Python end.

outcome: failed
label: answer
score: 3
line: def add(a, b):
"""

import asyncio
import atexit
import threading

atexit.register(threading.Event().wait)


def add(a, b):
    return 0


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
