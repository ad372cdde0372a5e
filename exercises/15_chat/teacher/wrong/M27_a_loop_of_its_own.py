"""Runs a second loop in the thread."""


def announce(loop, room, text):
    """Says `text` in `room`. This runs in a thread of its own; the members live on `loop`."""

    async def say():
        room.say(text)

    asyncio.run(say())
