"""Listens twice at one port while it is imported.

outcome: crashed
label: crashed
score: 0
line: second = socket.create_server(first.getsockname())
"""

import asyncio
import socket

first = socket.create_server(("127.0.0.1", 0))
second = socket.create_server(first.getsockname())


def add(a, b):
    return a + b


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
