"""Serves all at once who are accepted."""


def answered_at(arrivals, each):
    """When each client has its answer, a list of ms, if the answers take `each` ms.

    The clients come to this server at `arrivals`, in ms from the start, the earliest first.
    """
    return [arrival + each for arrival in arrivals]
