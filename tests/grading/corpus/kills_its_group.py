"""Kills all processes of its group.

outcome: crashed
label: crashed
score: 3
line: os.killpg(0, signal.SIGKILL)
"""

import asyncio
import os
import signal


def add(a, b):
    os.killpg(0, signal.SIGKILL)


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
