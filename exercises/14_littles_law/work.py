"""Exercise 14: Little's law, on your own data.

    inside  =  rate * stay

So many are inside on average, if so many come in a second and each stays so many seconds. A log is
a list of visits, one for each request: the moments when it came and when it left, in seconds.
"""

FULL = 0.9  # who computes for this part of the time or more is at the limit


def inside(visits, began, ended):
    """How many of `visits` were inside at a time, on average from `began` to `ended`.

    Counted by the clock: for how long was each of them inside between these two moments?
    """
    raise NotImplementedError("Task 14.1: count who is inside, by the clock")


def steady(visits, warm_up_s):
    """The `visits` that came after the warm-up, `warm_up_s` seconds from when the first one came.

    They stay in their order, which is that of the log: by when they left.
    """
    raise NotImplementedError("Task 14.2: leave out the warm-up")


def stay(clients, rate_rps):
    """How many seconds a request takes on average, when so many clients wait for each answer.

    Each asks again as soon as it is answered; together they get `rate_rps` answers a second.
    """
    raise NotImplementedError("Task 14.3: tell how long clients in a loop wait")


def threads_needed(rate_rps, stay_s, busy):
    """How many threads it takes, a whole number, to be busy for this part of the time at most.

    Each request keeps a thread for `stay_s` seconds; `busy` is above 0, and 1 is all the time.
    """
    raise NotImplementedError("Task 14.4: tell how many threads are needed")


def whose_limit(client_s, server_s, lasted_s, same_core):
    """Whose limit a load test has found: "client", "server", "both" or "neither".

    Each of the two has computed for so many of the `lasted_s` seconds. On the same core, both
    together are at the limit or nobody is; else the client comes first.
    """
    raise NotImplementedError("Task 14.5: say whose limit was measured")
