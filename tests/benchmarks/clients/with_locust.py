"""Locust with its fast user, run as a library in this process.

python -m tests.benchmarks.clients.with_locust URL SECONDS CONNECTIONS
"""

# ruff: noqa: I001 - Locust patches the standard library when it is imported
from locust import FastHttpUser, constant, task
from locust.env import Environment

import gevent

from tests.benchmarks.clients.told import CONNECTIONS, SECONDS, URL, Told


class Visitor(FastHttpUser):
    host = URL.rstrip("/")
    wait_time = constant(0)

    @task
    def ask(self):
        self.client.get("/")


environment = Environment(user_classes=[Visitor])
runner = environment.create_local_runner()
runner.start(CONNECTIONS, spawn_rate=CONNECTIONS)
gevent.sleep(2)
before, told = environment.stats.total.num_requests, Told()
gevent.sleep(SECONDS)
told.requests = environment.stats.total.num_requests - before
told.tell()
runner.quit()
