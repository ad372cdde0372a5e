"""Looks at the clock when the page is there."""


async def fetch_within(fetch, url, seconds):
    """The page of `url`. Raises TimeoutError after `seconds`; then it is not fetched any more."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    page = await fetch(url)
    if loop.time() - began > seconds:
        raise TimeoutError
    return page
