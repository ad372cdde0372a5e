"""Finds only those that are no async def."""


async def find_blockers(handlers):
    """The names of those `handlers` that hold the event loop: a list, in the order of the dict.

    `handlers` is a dict of names and async functions. Each is called with one argument, the
    function with which it is slow.
    """
    return [name for name, each in handlers.items() if not asyncio.iscoroutinefunction(each)]
