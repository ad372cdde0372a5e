"""Has its test skipped.

outcome: failed
label: raised
score: 3
line: pytest.skip("not today")
"""

import asyncio
import pytest


def add(a, b):
    pytest.skip("not today")


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
