"""Takes the first line of the log for the first who came."""


def steady(visits, warm_up_s):
    """The `visits` that came after the warm-up, `warm_up_s` seconds from when the first one came.

    They stay in their order, which is that of the log: by when they left.
    """
    first = visits[0][0]
    return [(came, left) for came, left in visits if came - first >= warm_up_s]
