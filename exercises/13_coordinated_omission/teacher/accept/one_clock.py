"""Starts each request by a timer of one loop, and recurs for those left out."""


async def measure(ask, rate_rps, count, connections):
    """The latencies of `count` requests, of which `rate_rps` are due in each second, in that order.

    Number n, counted from 0, is due n / rate_rps seconds after the start, answers or not, and its
    latency counts from then. At most `connections` are under way at once; the next waits for a
    place.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    places = asyncio.Semaphore(connections)
    tasks = []
    for number in range(count):
        due = began + number / rate_rps
        await asyncio.sleep(due - loop.time())
        tasks.append(asyncio.create_task(_one(ask, places, due)))
    await asyncio.wait(tasks)
    return [task.result() for task in tasks]


async def _one(ask, places, due):
    await places.acquire()
    try:
        await ask()
    finally:
        places.release()
    return asyncio.get_running_loop().time() - due


def completed(latencies, interval):
    """The `latencies` of a client that waited for each answer, with those that it left out.

    It should have asked once in each `interval`. So a latency of 3.5 intervals has left out two
    requests, which would have waited 2.5 and 1.5. The order of the result does not matter.
    """
    return [wait for latency in latencies for wait in _shorter(latency, interval)]


def _shorter(latency, interval):
    left = latency - interval
    return [latency, *(_shorter(left, interval) if left >= interval else [])]


def rate_and_latency(requests):
    """How many requests were answered in a second, and their mean latency in seconds: a tuple.

    `requests` is a list, in any order, of pairs: when one was due, and when it was answered.
    """
    dues, ends = zip(*requests, strict=True)
    return len(ends) / (max(ends) - min(dues)), (sum(ends) - sum(dues)) / len(ends)
