"""Leaves a process with an environment, a session and a parent of its own, and ends at once.

outcome: crashed
label: crashed
score: 3
line: os._exit(0)
"""

import asyncio
import os
import subprocess
import sys

SLEEPER = "import os, sys, time; os.fork() and sys.exit(); print(os.getpid()); time.sleep(60)"


def add(a, b):
    sleeper = subprocess.Popen(
        [sys.executable, "-uc", SLEEPER],
        env={},
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    print("left", sleeper.stdout.readline())
    os._exit(0)


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
