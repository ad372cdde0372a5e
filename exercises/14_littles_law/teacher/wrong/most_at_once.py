"""Counts at the fullest moment."""


def inside(visits, began, ended):
    """How many of `visits` were inside at a time, on average from `began` to `ended`.

    Counted by the clock: for how long was each of them inside between these two moments?
    """
    return max(sum(one <= came < left for one, left in visits) for came, _ in visits)
