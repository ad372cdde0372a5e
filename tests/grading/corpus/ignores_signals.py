"""Does not listen to signals, and turns in place.

outcome: timed_out
label: hang
score: 3
line: while a == a:
"""

import asyncio
import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)


def add(a, b):
    while a == a:
        pass


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
