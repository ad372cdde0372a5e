"""Says back the first message and ends."""


async def echo(ws):
    """Sends back to `ws` whatever it says, until it leaves."""
    async for text in ws:
        await ws.send(text)
        return
