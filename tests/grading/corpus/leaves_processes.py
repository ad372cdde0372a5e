"""Leaves processes behind, one of them in a session of its own.

outcome: failed
label: answer
score: 3
line: def add(a, b):
"""

import asyncio
import subprocess
import sys

sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
subprocess.Popen(sleeper)
subprocess.Popen(sleeper, start_new_session=True)


def add(a, b):
    return 0


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
