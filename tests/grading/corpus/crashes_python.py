"""Makes Python itself crash.

outcome: crashed
label: crashed
score: 3
line: 
"""

import asyncio
import faulthandler


def add(a, b):
    faulthandler._sigsegv()


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
