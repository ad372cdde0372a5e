"""Finds them and keeps them to itself."""


async def find_blockers(handlers):
    """The names of those `handlers` that hold the event loop: a list, in the order of the dict.

    `handlers` is a dict of names and async functions. Each is called with one argument, the
    function with which it is slow.
    """
    found = []
    for name, handler in handlers.items():
        with LoopWatch() as watch:
            await handler(watch.sleep)
        if watch.blocks:
            found.append(name)
