"""Goes through the moments at which the number inside changes, and builds on whole parts."""


def inside(visits, began, ended):
    """How many of `visits` were inside at a time, on average from `began` to `ended`.

    Counted by the clock: for how long was each of them inside between these two moments?
    """
    area, number, at = 0.0, 0, began
    for moment, step in sorted(
        [(came, 1) for came, _ in visits] + [(left, -1) for _, left in visits]
    ):
        now = min(max(moment, began), ended)
        area += number * (now - at)
        at, number = now, number + step
    area += number * (ended - at)
    return area / (ended - began)


def steady(visits, warm_up_s):
    """The `visits` that came after the warm-up, `warm_up_s` seconds from when the first one came.

    They stay in their order, which is that of the log: by when they left.
    """
    ready = sorted(visits)[0][0] + warm_up_s
    return list(filter(lambda visit: visit[0] >= ready, visits))


def threads_needed(rate_rps, stay_s, busy):
    """How many threads it takes, a whole number, to be busy for this part of the time at most.

    Each request keeps a thread for `stay_s` seconds; `busy` is above 0, and 1 is all the time.
    """
    whole, part = divmod(rate_rps * stay_s, busy)
    return int(whole) + (part > 0)


def whose_limit(client_s, server_s, lasted_s, same_core):
    """Whose limit a load test has found: "client", "server", "both" or "neither".

    Each of the two has computed for so many of the `lasted_s` seconds. On the same core, both
    together are at the limit or nobody is; else the client comes first.
    """
    if same_core:
        client_s = server_s = client_s + server_s
    is_full = {"client": client_s, "server": server_s}
    full = [name for name, seconds in is_full.items() if seconds >= FULL * lasted_s]
    if not full:
        return "neither"
    return "both" if same_core else full[0]
