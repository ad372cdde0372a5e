"""Lets `limit` workers take the next URL from one iterator, and puts each page in its place."""


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """
    pages = [None] * len(urls)
    left = iter(enumerate(urls))

    async def work():
        for place, url in left:
            pages[place] = await fetch(url)

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(work())
    return pages
