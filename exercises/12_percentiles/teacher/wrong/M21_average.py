"""Averages the percentiles of the servers."""


def percentile_of_all(histograms, percent):
    """The percentile of all requests in a list of `histograms`: the upper end of its bucket.

    The histograms stay as they are.
    """
    return sum(_percentile_of(one, percent) for one in histograms) / len(histograms)


def _percentile_of(histogram, percent):
    rank = math.ceil(percent * sum(histogram.values()) / 100)
    for end_ms in sorted(histogram):
        rank -= histogram[end_ms]
        if rank <= 0:
            return end_ms
