"""Calls serve_client for each client, and lets go of it."""


async def start(handle):
    """An asyncio server that serves each of its clients by serve_client, and has begun to.

    It listens on 127.0.0.1, on a port that the system chooses: that is what port 0 means.
    """

    async def serve(reader, writer):
        serve_client(reader, writer, handle)

    return await asyncio.start_server(serve, "127.0.0.1", 0)
