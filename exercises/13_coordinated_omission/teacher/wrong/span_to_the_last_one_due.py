"""Ends the time when the last request is due."""


def rate_and_latency(requests):
    """How many requests were answered in a second, and their mean latency in seconds: a tuple.

    `requests` is a list, in any order, of pairs: when one was due, and when it was answered.
    """
    span = max(due for due, _ in requests) - min(due for due, _ in requests)
    latencies = [end - due for due, end in requests]
    return len(requests) / span, sum(latencies) / len(latencies)
