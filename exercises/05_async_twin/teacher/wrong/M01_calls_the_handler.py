"""Calls the handler as it is."""


async def serve_client(reader, writer, handle):
    """Reads one request up to its blank line, sends what `handle(request)` gives, and closes.

    While `handle` blocks, the loop does not. Never much more of the answer is in memory than one
    piece. A client that closes within its request gets nothing, and that is no error.
    """
    try:
        request = await reader.readuntil(END_OF_HEAD)
        for piece in handle(request):
            writer.write(piece)
            await writer.drain()
    except (EOFError, ConnectionError):
        return
    finally:
        writer.close()
