"""Lets a thread do it, and blocks until that is done."""


async def serve_client(reader, writer, handle):
    """Reads one request up to its blank line, sends what `handle(request)` gives, and closes.

    While `handle` blocks, the loop does not. Never much more of the answer is in memory than one
    piece. A client that closes within its request gets nothing, and that is no error.
    """
    try:
        request = await reader.readuntil(END_OF_HEAD)
        answer = ThreadPoolExecutor(1).submit(handle, request)
        for piece in answer.result():
            writer.write(piece)
            await writer.drain()
    except (EOFError, ConnectionError):
        return
    finally:
        writer.close()
