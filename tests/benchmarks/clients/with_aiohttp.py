"""A tool that uses aiohttp's client, on uvloop.

python -m tests.benchmarks.clients.with_aiohttp URL SECONDS CONNECTIONS
"""

import asyncio

import aiohttp
import uvloop

from tests.benchmarks.clients.told import CONNECTIONS, SECONDS, URL, Told


async def ask(session, told):
    while True:
        async with session.get(URL) as answer:
            await answer.read()
        told.requests += 1


async def main():
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:
        told = Told()
        asking = [asyncio.create_task(ask(session, told)) for _ in range(CONNECTIONS)]
        await asyncio.sleep(SECONDS)
        told.tell()
        for task in asking:
            task.cancel()
        await asyncio.wait(asking)


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
