"""The physical limit in Python: uvloop and httptools, and a constant answer to whatever is asked.

python limit.py PORT BODY closes|WAIT_S
"""

import asyncio
import sys

import httptools
import uvloop

PORT, BODY, MANNER = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3]
ANSWER = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"date: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-length: %d\r\n\r\n%b"
) % (len(BODY), BODY)


class Client(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)

    def data_received(self, data):
        self.parser.feed_data(data)

    def on_message_complete(self):
        self.transport.write(ANSWER)


class Closing(Client):
    def on_message_complete(self):
        self.transport.write(ANSWER)
        self.transport.close()


class Waiting(Client):
    def on_message_complete(self):
        asyncio.get_running_loop().call_later(float(MANNER), self.transport.write, ANSWER)


async def main():
    kind = Closing if MANNER == "closes" else Waiting if float(MANNER) else Client
    loop = asyncio.get_running_loop()
    server = await loop.create_server(kind, "127.0.0.1", PORT, backlog=4096)
    await server.serve_forever()


with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
