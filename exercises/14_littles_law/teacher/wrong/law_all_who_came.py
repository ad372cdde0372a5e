"""Counts who came, however long each of them stayed."""


def inside(visits, began, ended):
    """How many of `visits` were inside at a time, on average from `began` to `ended`.

    Counted by the clock: for how long was each of them inside between these two moments?
    """
    return len([came for came, left in visits if came <= ended and left >= began])
