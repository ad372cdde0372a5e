"""Collects the pages as they come, everywhere."""


async def fetch_all(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time."""
    pages = []
    for page in asyncio.as_completed([fetch(url) for url in urls]):
        pages.append(await page)
    return pages


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """
    pages, left = [], iter(urls)

    async def work():
        for url in left:
            pages.append(await fetch(url))

    await asyncio.gather(*(work() for _ in range(limit)))
    return pages


async def fetch_all_or_none(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time.

    When one fails, the others are stopped. Raises its failure, alone or in an ExceptionGroup, when
    every one of them has ended.
    """
    pages = []

    async def fetch_one(url):
        pages.append(await fetch(url))

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(fetch_one(url))
    return pages
