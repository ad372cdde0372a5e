"""Subtracts for those who were not there."""


def inside(visits, began, ended):
    """How many of `visits` were inside at a time, on average from `began` to `ended`.

    Counted by the clock: for how long was each of them inside between these two moments?
    """
    stays = [min(left, ended) - max(came, began) for came, left in visits]
    return sum(stays) / (ended - began)
