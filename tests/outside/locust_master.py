"""A master of Locust that knows nothing of asyncweb: python locust_master.py URL USERS RATE ENOUGH.

Rule: it tells its port, lets all users come and get enough answers, stops, and tells what it has
counted.
"""

from __future__ import annotations

import json
import sys

import locust  # before all else: it changes threads and sockets
from locust.env import Environment
from locust.event import Events

LOOK_S = 0.05
WORKERS = 2


class Visitor(locust.User):
    """Any user class does."""

    tasks = [lambda user: None]  # noqa: RUF012 Locust's own way to say so


def main(url: str, users: int, rate: float, enough: int) -> None:
    """Leads two workers."""
    import gevent

    environment = Environment(user_classes=[Visitor], events=Events(), host=url)
    runner = environment.create_master_runner("127.0.0.1", 0)
    print(runner.server.port, flush=True)
    while len(runner.clients.ready) < WORKERS:
        gevent.sleep(LOOK_S)
    runner.start(users, rate)
    while runner.user_count < users:
        gevent.sleep(LOOK_S)
    before = runner.stats.total.num_requests
    while runner.stats.total.num_requests < before + enough:
        gevent.sleep(LOOK_S)
    counted = {"users": runner.user_count, "workers": runner.worker_count}
    runner.stop()
    total = runner.stats.total
    counted |= {"requests": total.num_requests, "failures": total.num_failures}
    counted |= {"times": sum(total.response_times.values())}
    print(json.dumps(counted), flush=True)
    runner.quit()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
