"""Takes a look at the first step of each, up to its first await."""


async def find_blockers(handlers):
    """The names of those `handlers` that hold the event loop: a list, in the order of the dict.

    `handlers` is a dict of names and async functions. Each is called with one argument, the
    function with which it is slow.
    """
    found = []
    for name, handler in handlers.items():
        with LoopWatch() as watch:
            task = asyncio.create_task(handler(watch.sleep))
            await asyncio.sleep(0)
            is_blocked = bool(watch.blocks)
            await task
        if is_blocked:
            found.append(name)
    return found
