"""Takes the last resort away, then stands still in C.

outcome: timed_out
label: hang
score: 3
line: def add(a, b):
"""

import asyncio
import faulthandler
import re


def add(a, b):
    faulthandler.cancel_dump_traceback_later()
    re.match(r"(a+)+$", "a" * 40 + "b")


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
