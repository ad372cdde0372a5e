"""Returns the coroutine that would start the server."""


async def start(handle):
    """An asyncio server that serves each of its clients by serve_client, and has begun to.

    It listens on 127.0.0.1, on a port that the system chooses: that is what port 0 means.
    """

    async def serve(reader, writer):
        await serve_client(reader, writer, handle)

    return asyncio.start_server(serve, "127.0.0.1", 0)
