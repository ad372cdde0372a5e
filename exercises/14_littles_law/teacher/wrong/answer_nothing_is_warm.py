"""Takes the end of the warm-up for a length of time."""


def steady(visits, warm_up_s):
    """The `visits` that came after the warm-up, `warm_up_s` seconds from when the first one came.

    They stay in their order, which is that of the log: by when they left.
    """
    ready = min(came for came, _ in visits) + warm_up_s
    return [(came, left) for came, left in visits if left - came >= ready]
