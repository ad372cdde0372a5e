"""Imports what is not there.

outcome: crashed
label: crashed
score: 0
line: import flask_from_nowhere
"""

import asyncio

import flask_from_nowhere


def add(a, b):
    return a + b


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
