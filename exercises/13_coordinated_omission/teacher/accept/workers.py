"""Has as many workers as connections; each takes the next request that is due."""


async def measure(ask, rate_rps, count, connections):
    """The latencies of `count` requests, of which `rate_rps` are due in each second, in that order.

    Number n, counted from 0, is due n / rate_rps seconds after the start, answers or not, and its
    latency counts from then. At most `connections` are under way at once; the next waits for a
    place.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    numbers = iter(range(count))
    latencies = [0.0] * count

    async def worker():
        for number in numbers:
            due = began + number / rate_rps
            await asyncio.sleep(due - loop.time())
            await ask()
            latencies[number] = loop.time() - due

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(worker())
    return latencies


def completed(latencies, interval):
    """The `latencies` of a client that waited for each answer, with those that it left out.

    It should have asked once in each `interval`. So a latency of 3.5 intervals has left out two
    requests, which would have waited 2.5 and 1.5. The order of the result does not matter.
    """
    return [
        latency - left_out * interval
        for latency in latencies
        for left_out in range(max(1, int(latency / interval)))
    ]
