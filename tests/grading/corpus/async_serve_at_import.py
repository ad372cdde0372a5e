"""Serves on an event loop for ever while it is imported.

outcome: timed_out
label: crashed
score: 0
line: await server.serve_forever()
"""

import asyncio

async def main():
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    await server.serve_forever()


asyncio.run(main())


def add(a, b):
    return a + b


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
