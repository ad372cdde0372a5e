"""Takes the time from another clock than the loop does."""

import time


async def measure(ask, rate_rps, count, connections):
    """The latencies of `count` requests, of which `rate_rps` are due in each second, in that order.

    Number n, counted from 0, is due n / rate_rps seconds after the start, answers or not, and its
    latency counts from then. At most `connections` are under way at once; the next waits for a
    place.
    """
    began = time.monotonic()
    places = asyncio.Semaphore(connections)

    async def one(number):
        await asyncio.sleep(number / rate_rps)
        async with places:
            await ask()
        return time.monotonic() - began - number / rate_rps

    return await asyncio.gather(*[one(number) for number in range(count)])
