"""The physical limit in Python: uvloop and httptools, and a constant answer.

Prints its port, then serves until it is killed.
"""

import asyncio

import httptools

from asyncweb.servers.event_loop import new_event_loop

ANSWER = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"date: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-length: 11\r\n\r\nHello World"
)


class Client(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)

    def data_received(self, data):
        self.parser.feed_data(data)

    def on_message_complete(self):
        self.transport.write(ANSWER)


async def main():
    server = await asyncio.get_running_loop().create_server(Client, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main())
