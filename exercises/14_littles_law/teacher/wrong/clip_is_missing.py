"""Counts every stay whole."""


def inside(visits, began, ended):
    """How many of `visits` were inside at a time, on average from `began` to `ended`.

    Counted by the clock: for how long was each of them inside between these two moments?
    """
    stays = [left - came for came, left in visits if left > began and came < ended]
    return sum(stays) / (ended - began)
