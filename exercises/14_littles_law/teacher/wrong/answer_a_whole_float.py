"""Rounds up, and gives a float."""


def threads_needed(rate_rps, stay_s, busy):
    """How many threads it takes, a whole number, to be busy for this part of the time at most.

    Each request keeps a thread for `stay_s` seconds; `busy` is above 0, and 1 is all the time.
    """
    return -(-rate_rps * stay_s // busy)
