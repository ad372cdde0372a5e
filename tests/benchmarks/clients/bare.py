"""The limit: a uvloop Protocol that asks again for whatever comes back.

python -m tests.benchmarks.clients.bare URL SECONDS CONNECTIONS
"""

import asyncio
from urllib.parse import urlsplit

import uvloop

from tests.benchmarks.clients.told import CONNECTIONS, SECONDS, URL, Told

HERE = urlsplit(URL)
REQUEST = f"GET {HERE.path or '/'} HTTP/1.1\r\nhost: {HERE.netloc}\r\n\r\n".encode()


class Asker(asyncio.Protocol):
    told = None

    def connection_made(self, transport):
        self.transport = transport
        transport.write(REQUEST)

    def data_received(self, data):
        if self.told is not None:
            self.told.requests += 1
        self.transport.write(REQUEST)


async def main():
    loop = asyncio.get_running_loop()
    for _ in range(CONNECTIONS):
        await loop.create_connection(Asker, HERE.hostname, HERE.port)
    Asker.told = Told()
    await asyncio.sleep(SECONDS)
    Asker.told.tell()


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
