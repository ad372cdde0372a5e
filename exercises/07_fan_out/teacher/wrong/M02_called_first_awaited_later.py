"""Calls all of them first, and thinks that they are on the way by that."""


async def fetch_all(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time."""
    on_the_way = [fetch(url) for url in urls]
    return [await page for page in on_the_way]
