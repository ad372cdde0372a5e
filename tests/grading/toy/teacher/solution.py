"""The toy, solved."""

import asyncio


def add(a, b):
    ### BEGIN SOLUTION Task 1.1: add the numbers
    return a + b
    ### END SOLUTION


async def meet(callers):
    ### BEGIN SOLUTION Task 1.2: run all callers at once
    return await asyncio.gather(*[caller() for caller in callers])
    ### END SOLUTION
