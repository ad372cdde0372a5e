"""Lets a task wait for each inbox that is full."""


def tell(inboxes, message):
    """Puts `message` into each of `inboxes`, a dict of names and asyncio.Queues. Waits for none.

    The result is the list of the names that had no room for it, in their order.
    """
    asleep = [name for name, inbox in inboxes.items() if inbox.full()]
    for inbox in inboxes.values():
        asyncio.get_running_loop().create_task(inbox.put(message))
    return asleep
