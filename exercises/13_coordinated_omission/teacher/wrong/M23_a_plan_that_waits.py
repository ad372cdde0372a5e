"""Has a plan, and still waits for each answer before it goes on with it."""


async def measure(ask, rate_rps, count, connections):
    """The latencies of `count` requests, of which `rate_rps` are due in each second, in that order.

    Number n, counted from 0, is due n / rate_rps seconds after the start, answers or not, and its
    latency counts from then. At most `connections` are under way at once; the next waits for a
    place.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    latencies = []
    for number in range(count):
        due = began + number / rate_rps
        await asyncio.sleep(due - loop.time())
        await ask()
        latencies.append(loop.time() - due)
    return latencies
