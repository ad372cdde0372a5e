"""Our load generator, as its process runs it: the Crowd on a loop of its own.

python -m tests.benchmarks.clients.ours URL SECONDS CONNECTIONS
"""

import asyncio
import json

from asyncweb.loadtest.client import Crowd
from asyncweb.loadtest.plan import Plan
from asyncweb.servers.event_loop import new_event_loop
from tests.benchmarks.clients.told import CONNECTIONS, SECONDS, URL


async def main():
    result = await Crowd(Plan(URL, CONNECTIONS, SECONDS)).run()
    assert not result.errors, result.errors
    told = {
        "requests": result.requests,
        "cpu_s": result.client_cpu * result.duration_s,
        "seconds": result.duration_s,
        "p50_s": result.latency.percentile(0.5),
        "p99_s": result.latency.percentile(0.99),
    }
    print(json.dumps(told))


with asyncio.Runner(loop_factory=new_event_loop) as runner:
    runner.run(main())
