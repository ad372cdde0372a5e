"""Takes the rate for the latency upside down."""


def rate_and_latency(requests):
    """How many requests were answered in a second, and their mean latency in seconds: a tuple.

    `requests` is a list, in any order, of pairs: when one was due, and when it was answered.
    """
    latencies = [end - due for due, end in requests]
    mean = sum(latencies) / len(latencies)
    return 1 / mean, mean
