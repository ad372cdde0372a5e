"""Names an error that there is not; that shows only when something goes wrong."""


async def answer(client, page):
    """Sends the client what `await page()` gives, and closes it in any case.

    When this is cancelled, the client is sent SORRY, and the cancel goes on to whoever waits.
    """
    try:
        await client.send(await page())
    except asyncio.CanceledError:
        await client.send(SORRY)
        raise
    finally:
        client.close()
