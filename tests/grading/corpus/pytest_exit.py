"""Asks pytest to end, without an error.

outcome: crashed
label: crashed
score: 3
line: pytest.exit("done", returncode=0)
"""

import asyncio
import pytest


def add(a, b):
    pytest.exit("done", returncode=0)


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
