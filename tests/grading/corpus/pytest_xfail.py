"""Says that it is expected to fail.

outcome: failed
label: raised
score: 3
line: pytest.xfail("as always")
"""

import asyncio
import pytest


def add(a, b):
    pytest.xfail("as always")


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
