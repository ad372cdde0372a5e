"""Calls send and awaits nothing."""


async def echo(ws):
    """Sends back to `ws` whatever it says, until it leaves."""
    async for text in ws:
        ws.send(text)
