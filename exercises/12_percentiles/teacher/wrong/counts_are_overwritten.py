"""Keeps the last count of a bucket that several servers have."""


def percentile_of_all(histograms, percent):
    """The percentile of all requests in a list of `histograms`: the upper end of its bucket.

    The histograms stay as they are.
    """
    together = {}
    for histogram in histograms:
        together |= histogram
    rank = math.ceil(percent * sum(together.values()) / 100)
    for end_ms in sorted(together):
        rank -= together[end_ms]
        if rank <= 0:
            return end_ms
