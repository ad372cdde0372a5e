"""Reads line by line, asks the loop for its executor, and takes a thread only if it has to."""

import contextlib
import threading


async def serve_client(reader, writer, handle):
    """Reads one request up to its blank line, sends what `handle(request)` gives, and closes.

    While `handle` blocks, the loop does not. Never much more of the answer is in memory than one
    piece. A client that closes within its request gets nothing, and that is no error.
    """
    with contextlib.closing(writer):
        lines = [await reader.readline()]
        while lines[-1].endswith(b"\r\n") and lines[-1] != b"\r\n":
            lines.append(await reader.readline())
        if lines[-1] != b"\r\n":
            return
        loop = asyncio.get_running_loop()
        pieces = await loop.run_in_executor(None, handle, b"".join(lines))
        while pieces:
            writer.write(pieces.pop(0))
            await writer.drain()


async def start(handle):
    """An asyncio server that serves each of its clients by serve_client, and has begun to.

    It listens on 127.0.0.1, on a port that the system chooses: that is what port 0 means.
    """
    return await asyncio.start_server(
        lambda reader, writer: serve_client(reader, writer, handle), host="127.0.0.1", port=0
    )


def run_anywhere(main):
    """What the coroutine `main()` returns when it has run to its end; raises what it raises.

    Works in a script, and also where a loop is running already, as in a cell of a notebook.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(main())
    results = []

    async def kept():
        results.extend(await asyncio.gather(main(), return_exceptions=True))

    thread = threading.Thread(target=lambda: asyncio.run(kept()))
    thread.start()
    thread.join()
    if isinstance(results[0], BaseException):
        raise results[0]
    return results[0]
