"""Reads piece by piece, drains now and then, and makes the loop itself."""

import functools


async def serve_client(reader, writer, handle):
    """Reads one request up to its blank line, sends what `handle(request)` gives, and closes.

    While `handle` blocks, the loop does not. Never much more of the answer is in memory than one
    piece. A client that closes within its request gets nothing, and that is no error.
    """
    request = b""
    try:
        while END_OF_HEAD not in request:
            piece = await reader.read(1024)
            if not piece:
                break
            request += piece
        else:
            await answer(writer, await asyncio.to_thread(functools.partial(handle, request)))
    finally:
        writer.close()
        await writer.wait_closed()


async def answer(writer, pieces):
    """Sends the pieces, and lets no more than 30,000 bytes wait."""
    waiting = 0
    for piece in pieces:
        writer.write(piece)
        waiting += len(piece)
        if waiting > 30_000:
            await writer.drain()
            waiting = 0
    await writer.drain()


async def start(handle):
    """An asyncio server that serves each of its clients by serve_client, and has begun to.

    It listens on 127.0.0.1, on a port that the system chooses: that is what port 0 means.
    """
    serve = functools.partial(serve_client, handle=handle)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, start_serving=False)
    await server.start_serving()
    return server


def run_anywhere(main):
    """What the coroutine `main()` returns when it has run to its end; raises what it raises.

    Works in a script, and also where a loop is running already, as in a cell of a notebook.
    """

    def run():
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(main())
        finally:
            loop.close()

    pool = ThreadPoolExecutor()
    try:
        return pool.submit(run).result()
    finally:
        pool.shutdown()
