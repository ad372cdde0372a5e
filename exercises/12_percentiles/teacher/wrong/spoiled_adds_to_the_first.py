"""Adds the others to the first histogram that it was given."""


def percentile_of_all(histograms, percent):
    """The percentile of all requests in a list of `histograms`: the upper end of its bucket.

    The histograms stay as they are.
    """
    together, *others = histograms
    for histogram in others:
        for end_ms, count in histogram.items():
            together[end_ms] = together.get(end_ms, 0) + count
    rank = math.ceil(percent * sum(together.values()) / 100)
    for end_ms in sorted(together):
        rank -= together[end_ms]
        if rank <= 0:
            return end_ms
