"""Results that nobody measured, for the tests of what is said about them."""

from asyncweb.loadtest.result import Result
from asyncweb.loadtest.second import Second
from asyncweb.metrics.histogram import Histogram


def closed(requests=2000, latency_s=0.010, **more):
    """A closed loop of ten connections, all of whose answers took as long."""
    latency = more.pop("latency", Histogram([latency_s] * requests))
    return Result("http://here/", 10, more.pop("duration_s", 2.0), requests, 0, latency, **more)


def open_loop(latency_s=0.010, service_s=0.010, slip_s=0.0001, requests=2000, **more):
    """An open loop at a constant rate."""
    more = {
        "service": Histogram([service_s] * requests),
        "slips": Histogram([slip_s] * requests),
        "schedule": "1000 requests/s",
        "busy_share": 0.2,
        **more,
    }
    return closed(requests, latency_s, **more)


def seconds(*counts, errors=0):
    """A second for each of `counts`."""
    return tuple(
        Second(number, errors, Histogram([0.010] * count)) for number, count in enumerate(counts)
    )
