"""Has a semaphore, but a new one for each page, so everybody finds a place."""


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """

    async def fetch_one(url):
        async with asyncio.Semaphore(limit):
            return await fetch(url)

    return await asyncio.gather(*(fetch_one(url) for url in urls))
