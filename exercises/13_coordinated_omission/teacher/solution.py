"""Exercise 13: a load test that does not look away.

`ask` is a coroutine function: `await ask()` sends one request and waits for its answer. All times
are in seconds; `asyncio.get_running_loop().time()` tells which it is.
"""

import asyncio


async def measure(ask, rate_rps, count, connections):
    """The latencies of `count` requests, of which `rate_rps` are due in each second, in that order.

    Number n, counted from 0, is due n / rate_rps seconds after the start, answers or not, and its
    latency counts from then. At most `connections` are under way at once; the next waits for a
    place.
    """
    ### BEGIN SOLUTION Task 13.1: ask by a schedule
    loop = asyncio.get_running_loop()
    began = loop.time()
    places = asyncio.Semaphore(connections)

    async def one(due):
        await asyncio.sleep(due - loop.time())
        async with places:
            await ask()
        return loop.time() - due

    return await asyncio.gather(*[one(began + n / rate_rps) for n in range(count)])
    ### END SOLUTION


def completed(latencies, interval):
    """The `latencies` of a client that waited for each answer, with those that it left out.

    It should have asked once in each `interval`. So a latency of 3.5 intervals has left out two
    requests, which would have waited 2.5 and 1.5. The order of the result does not matter.
    """
    ### BEGIN SOLUTION Task 13.2: give back what was left out
    everybody = []
    for latency in latencies:
        everybody.append(latency)
        while latency >= 2 * interval:
            latency -= interval
            everybody.append(latency)
    return everybody
    ### END SOLUTION


def rate_and_latency(requests):
    """How many requests were answered in a second, and their mean latency in seconds: a tuple.

    `requests` is a list, in any order, of pairs: when one was due, and when it was answered.
    """
    ### BEGIN SOLUTION Task 13.3: tell throughput and latency
    span = max(end for _, end in requests) - min(due for due, _ in requests)
    latencies = [end - due for due, end in requests]
    return len(requests) / span, sum(latencies) / len(latencies)
    ### END SOLUTION
