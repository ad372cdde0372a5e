"""Finds it and keeps it to itself."""


def percentile_of_all(histograms, percent):
    """The percentile of all requests in a list of `histograms`: the upper end of its bucket.

    The histograms stay as they are.
    """
    together = Counter()
    for histogram in histograms:
        together.update(histogram)
    rank = math.ceil(percent * together.total() / 100)
    for end_ms in sorted(together):
        rank -= together[end_ms]
        if rank <= 0:
            break
