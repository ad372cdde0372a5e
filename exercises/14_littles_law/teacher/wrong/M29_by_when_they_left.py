"""Keeps who came in the cold and stayed long."""


def steady(visits, warm_up_s):
    """The `visits` that came after the warm-up, `warm_up_s` seconds from when the first one came.

    They stay in their order, which is that of the log: by when they left.
    """
    first = min(came for came, _ in visits)
    return [(came, left) for came, left in visits if left - first >= warm_up_s]
