"""Lets nobody in before the last one is served."""


async def start(handle):
    """An asyncio server that serves each of its clients by serve_client, and has begun to.

    It listens on 127.0.0.1, on a port that the system chooses: that is what port 0 means.
    """
    one_at_a_time = asyncio.Lock()

    async def serve(reader, writer):
        async with one_at_a_time:
            await serve_client(reader, writer, handle)

    return await asyncio.start_server(serve, "127.0.0.1", 0)
