"""Gives back a task where a loop is running."""

import asyncio

END_OF_HEAD = b"\r\n\r\n"


async def serve_client(reader, writer, handle):
    """Reads one request up to its blank line, sends what `handle(request)` gives, and closes.

    While `handle` blocks, the loop does not. Never much more of the answer is in memory than one
    piece. A client that closes within its request gets nothing, and that is no error.
    """
    try:
        request = await reader.readuntil(END_OF_HEAD)
        for piece in await asyncio.to_thread(handle, request):
            writer.write(piece)
            await writer.drain()
    except (EOFError, ConnectionError):
        return
    finally:
        writer.close()


async def start(handle):
    """An asyncio server that serves each of its clients by serve_client, and has begun to.

    It listens on 127.0.0.1, on a port that the system chooses: that is what port 0 means.
    """

    async def serve(reader, writer):
        await serve_client(reader, writer, handle)

    return await asyncio.start_server(serve, "127.0.0.1", 0)


def run_anywhere(main):
    """What the coroutine `main()` returns when it has run to its end; raises what it raises.

    Works in a script, and also where a loop is running already, as in a cell of a notebook.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(main())
    return loop.create_task(main())
