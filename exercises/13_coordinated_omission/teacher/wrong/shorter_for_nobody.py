"""Lets everybody wait as long as the first."""


def completed(latencies, interval):
    """The `latencies` of a client that waited for each answer, with those that it left out.

    It should have asked once in each `interval`. So a latency of 3.5 intervals has left out two
    requests, which would have waited 2.5 and 1.5. The order of the result does not matter.
    """
    everybody = []
    for latency in latencies:
        everybody += [latency] * max(1, int(latency / interval))
    return everybody
