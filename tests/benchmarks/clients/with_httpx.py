"""A tool that uses httpx's asynchronous client, on uvloop.

python -m tests.benchmarks.clients.with_httpx URL SECONDS CONNECTIONS
"""

import asyncio

import httpx
import uvloop

from tests.benchmarks.clients.told import CONNECTIONS, SECONDS, URL, Told


async def ask(client, told):
    while True:
        await client.get(URL)
        told.requests += 1


async def main():
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(limits=limits, timeout=30) as client:
        told = Told()
        asking = [asyncio.create_task(ask(client, told)) for _ in range(CONNECTIONS)]
        await asyncio.sleep(SECONDS)
        told.tell()
        for task in asking:
            task.cancel()
        await asyncio.wait(asking)


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
