"""Averages the percentiles, weighted by the requests of each server."""


def percentile_of_all(histograms, percent):
    """The percentile of all requests in a list of `histograms`: the upper end of its bucket.

    The histograms stay as they are.
    """
    counts = [sum(histogram.values()) for histogram in histograms]
    percentiles = [_percentile_of(histogram, percent) for histogram in histograms]
    return sum(c * p for c, p in zip(counts, percentiles, strict=True)) / sum(counts)


def _percentile_of(histogram, percent):
    rank = math.ceil(percent * sum(histogram.values()) / 100)
    for end_ms in sorted(histogram):
        rank -= histogram[end_ms]
        if rank <= 0:
            return end_ms
