"""Divides the wrong way round."""


def stay(clients, rate_rps):
    """How many seconds a request takes on average, when so many clients wait for each answer.

    Each asks again as soon as it is answered; together they get `rate_rps` answers a second.
    """
    return rate_rps / clients
