"""Goes on for a client that has gone."""


async def send_all(pieces, writer):
    """Sends each of `pieces` (bytes) by `writer`, an asyncio.StreamWriter, as fast as it is read.

    Raises ConnectionResetError when the client has gone.
    """
    for piece in pieces:
        try:
            writer.write(piece)
            await writer.drain()
        except ConnectionResetError:
            continue
