"""Writes, and waits for nothing."""


async def pass_on(source, client):
    """Writes to `client` each piece of `source`, an asynchronous generator, as fast as it reads.

    `client.write(piece)` puts the piece into a buffer and never waits. `await client.drain()` waits
    until that has room, and raises ConnectionError when the client has gone; that goes on to the
    caller. However this ends, `source` is closed.
    """
    try:
        async for piece in source:
            client.write(piece)
    finally:
        await source.aclose()
