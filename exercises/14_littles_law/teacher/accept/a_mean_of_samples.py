"""Takes each stay apart in a loop, and negates to round up."""


def inside(visits, began, ended):
    """How many of `visits` were inside at a time, on average from `began` to `ended`.

    Counted by the clock: for how long was each of them inside between these two moments?
    """
    total = 0
    for came, left in visits:
        if left <= began or came >= ended:
            continue
        total += left - came
        total -= max(0, began - came) + max(0, left - ended)
    return total / (ended - began)


def stay(clients, rate_rps):
    """How many seconds a request takes on average, when so many clients wait for each answer.

    Each asks again as soon as it is answered; together they get `rate_rps` answers a second.
    """
    rate_of_one = rate_rps / clients
    return 1 / rate_of_one


def threads_needed(rate_rps, stay_s, busy):
    """How many threads it takes, a whole number, to be busy for this part of the time at most.

    Each request keeps a thread for `stay_s` seconds; `busy` is above 0, and 1 is all the time.
    """
    return int(-(-rate_rps * stay_s // busy))
