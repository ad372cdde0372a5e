"""Says sorry, and ends as if nothing had happened."""


async def answer(client, page):
    """Sends the client what `await page()` gives, and closes it in any case.

    When this is cancelled, the client is sent SORRY, and the cancel goes on to whoever waits.
    """
    try:
        await client.send(await page())
    except asyncio.CancelledError:
        await client.send(SORRY)
    finally:
        client.close()
