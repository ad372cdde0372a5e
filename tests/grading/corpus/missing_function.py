"""Has not the function that is asked for.

outcome: failed
label: answer
score: 3
line: 
"""

import asyncio


total = 0


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
