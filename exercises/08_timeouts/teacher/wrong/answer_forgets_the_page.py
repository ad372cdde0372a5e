"""Waits for the page, and forgets to give it."""


async def fetch_within(fetch, url, seconds):
    """The page of `url`. Raises TimeoutError after `seconds`; then it is not fetched any more."""
    async with asyncio.timeout(seconds):
        await fetch(url)
