"""Lets the server work without a pause."""


def answered_at(arrivals, each):
    """When each client has its answer, a list of ms, if the answers take `each` ms.

    The clients come to this server at `arrivals`, in ms from the start, the earliest first.
    """
    return [arrivals[0] + each * place for place in range(1, len(arrivals) + 1)]
