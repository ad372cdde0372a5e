"""Is content with one request beyond the percentile."""


def can_tell(count, percent):
    """Whether `count` requests are enough for this percentile: ENOUGH of them lie beyond it."""
    return count * (100 - percent) >= 100
