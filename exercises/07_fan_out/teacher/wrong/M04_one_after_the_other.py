"""Awaits one after the other, everywhere."""


async def fetch_all(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time."""
    return [await fetch(url) for url in urls]


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """
    places = asyncio.Semaphore(limit)
    pages = []
    for url in urls:
        async with places:
            pages.append(await fetch(url))
    return pages


async def fetch_all_or_none(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time.

    When one fails, the others are stopped. Raises its failure, alone or in an ExceptionGroup, when
    every one of them has ended.
    """
    async with asyncio.TaskGroup() as group:
        return [await group.create_task(fetch(url)) for url in urls]
