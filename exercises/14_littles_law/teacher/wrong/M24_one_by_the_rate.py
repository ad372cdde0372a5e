"""Takes the time between two answers for the time that one takes."""


def stay(clients, rate_rps):
    """How many seconds a request takes on average, when so many clients wait for each answer.

    Each asks again as soon as it is answered; together they get `rate_rps` answers a second.
    """
    return 1 / rate_rps
