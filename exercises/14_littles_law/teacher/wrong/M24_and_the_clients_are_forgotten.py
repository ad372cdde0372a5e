"""Divides the clients out again."""


def stay(clients, rate_rps):
    """How many seconds a request takes on average, when so many clients wait for each answer.

    Each asks again as soon as it is answered; together they get `rate_rps` answers a second.
    """
    per_client = rate_rps / clients
    return 1 / (per_client * clients)
