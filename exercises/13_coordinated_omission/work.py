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
    raise NotImplementedError("Task 13.1: ask by a schedule")


def completed(latencies, interval):
    """The `latencies` of a client that waited for each answer, with those that it left out.

    It should have asked once in each `interval`. So a latency of 3.5 intervals has left out two
    requests, which would have waited 2.5 and 1.5. The order of the result does not matter.
    """
    raise NotImplementedError("Task 13.2: give back what was left out")


def rate_and_latency(requests):
    """How many requests were answered in a second, and their mean latency in seconds: a tuple.

    `requests` is a list, in any order, of pairs: when one was due, and when it was answered.
    """
    raise NotImplementedError("Task 13.3: tell throughput and latency")
