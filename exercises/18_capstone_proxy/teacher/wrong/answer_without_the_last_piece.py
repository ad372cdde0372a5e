"""Writes each piece when the next one comes."""


async def pass_on(source, client):
    """Writes to `client` each piece of `source`, an asynchronous generator, as fast as it reads.

    `client.write(piece)` puts the piece into a buffer and never waits. `await client.drain()` waits
    until that has room, and raises ConnectionError when the client has gone; that goes on to the
    caller. However this ends, `source` is closed.
    """
    before = b""
    try:
        async for piece in source:
            client.write(before)
            await client.drain()
            before = piece
    finally:
        await source.aclose()
