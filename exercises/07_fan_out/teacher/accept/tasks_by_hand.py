"""Makes the tasks by hand, and cancels them in a `finally`."""


async def fetch_all(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time."""
    tasks = [asyncio.create_task(fetch(url)) for url in urls]
    return [await task for task in tasks]


async def fetch_all_or_none(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time.

    When one fails, the others are stopped. Raises its failure, alone or in an ExceptionGroup, when
    every one of them has ended.
    """
    tasks = [asyncio.ensure_future(fetch(url)) for url in urls]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
