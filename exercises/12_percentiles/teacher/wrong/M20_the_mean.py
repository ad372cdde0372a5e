"""Takes the mean for what users feel."""


def typical(latencies):
    """The time that half of the users waited at most."""
    return sum(latencies) / len(latencies)
