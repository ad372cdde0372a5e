"""One WebSocket server for the benchmark: `/` echoes, `/room` hears a broadcast.

    python websocket_server.py async|threads|websockets|uvicorn-websockets-sansio|uvicorn-wsproto

Prints its port. For the room, a line on standard input is the text to broadcast to all; the answer
is how many it reached and the seconds it took to hand it over.
"""

import asyncio
import socket
import sys
import time


def serve_ours(kind):
    from asyncweb import App, AsyncServer, Broadcast, Limits, ThreadServer

    app, room = App(), Broadcast()

    @app.websocket("/")
    async def echo(ws):
        async for message in ws:
            await ws.send(message)

    @app.websocket("/room")
    async def listen(ws):
        with room.join(ws):
            async for _ in ws:
                pass

    many = Limits(connections_per_client=20_000, ping_s=3600)  # who only listens answers none
    server = (AsyncServer if kind == "async" else ThreadServer)(app, limits=many).start()
    print(server.port, flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        reached = room.send(line.strip())
        print(reached, time.perf_counter() - began, flush=True)


def serve_websockets():
    import uvloop
    from websockets.asyncio.server import serve

    async def echo(client):
        async for message in client:
            await client.send(message)

    async def main():
        async with serve(echo, "127.0.0.1", 0, compression=None) as server:
            print(server.sockets[0].getsockname()[1], flush=True)
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

    uvloop.run(main())


def serve_uvicorn(ws):
    import uvicorn

    async def app(scope, receive, send):
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (event := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": event["text"]})

    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    settings = {"lifespan": "off", "log_level": "error", "ws_per_message_deflate": False}
    uvicorn.Server(uvicorn.Config(app, ws=ws, **settings)).run([listener])


if __name__ == "__main__":
    kind = sys.argv[1]
    if kind in ("async", "threads"):
        serve_ours(kind)
    elif kind == "websockets":
        serve_websockets()
    else:
        serve_uvicorn(kind.removeprefix("uvicorn-"))
