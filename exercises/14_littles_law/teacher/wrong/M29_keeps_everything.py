"""Believes in the first seconds."""


def steady(visits, warm_up_s):
    """The `visits` that came after the warm-up, `warm_up_s` seconds from when the first one came.

    They stay in their order, which is that of the log: by when they left.
    """
    return list(visits)
