"""Is content while nothing crashes."""


def leaks(looks):
    """Whether the server keeps something of every round of work.

    `looks[0]` is its memory before the first round, `looks[n]` after round n, when all connections
    of it were closed. There are four rounds or more. A rise by less than NOISE is none.
    """
    return False
