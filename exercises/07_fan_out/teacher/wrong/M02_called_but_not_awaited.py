"""Calls each and returns what the calls give."""


async def fetch_all(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time."""
    return [fetch(url) for url in urls]
