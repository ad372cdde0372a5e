"""Takes the rate for the number inside."""


def inside(visits, began, ended):
    """How many of `visits` were inside at a time, on average from `began` to `ended`.

    Counted by the clock: for how long was each of them inside between these two moments?
    """
    there = [came for came, left in visits if came <= ended and left >= began]
    return len(there) / (ended - began)
