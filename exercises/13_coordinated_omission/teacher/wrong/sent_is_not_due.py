"""Starts the clock when a connection is free."""


async def measure(ask, rate_rps, count, connections):
    """The latencies of `count` requests, of which `rate_rps` are due in each second, in that order.

    Number n, counted from 0, is due n / rate_rps seconds after the start, answers or not, and its
    latency counts from then. At most `connections` are under way at once; the next waits for a
    place.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    places = asyncio.Semaphore(connections)

    async def one(due):
        await asyncio.sleep(due - loop.time())
        async with places:
            sent = loop.time()
            await ask()
            return loop.time() - sent

    return await asyncio.gather(*[one(began + n / rate_rps) for n in range(count)])
