"""Serves for ever while it is imported.

outcome: timed_out
label: crashed
score: 0
line: server.accept()
"""

import asyncio
import socket

server = socket.create_server(("127.0.0.1", 0))
server.accept()


def add(a, b):
    return a + b


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
