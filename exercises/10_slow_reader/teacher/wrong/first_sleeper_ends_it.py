"""Gives up at the first full inbox."""


def tell(inboxes, message):
    """Puts `message` into each of `inboxes`, a dict of names and asyncio.Queues. Waits for none.

    The result is the list of the names that had no room for it, in their order.
    """
    for name, inbox in inboxes.items():
        try:
            inbox.put_nowait(message)
        except asyncio.QueueFull:
            return [name]
    return []
