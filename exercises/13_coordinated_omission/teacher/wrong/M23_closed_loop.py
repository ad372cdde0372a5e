"""Asks, waits for the answer, and asks again: the loop that everybody writes first."""


async def measure(ask, rate_rps, count, connections):
    """The latencies of `count` requests, of which `rate_rps` are due in each second, in that order.

    Number n, counted from 0, is due n / rate_rps seconds after the start, answers or not, and its
    latency counts from then. At most `connections` are under way at once; the next waits for a
    place.
    """
    loop = asyncio.get_running_loop()
    latencies = []
    for _ in range(count):
        began = loop.time()
        await ask()
        latencies.append(loop.time() - began)
    return latencies
