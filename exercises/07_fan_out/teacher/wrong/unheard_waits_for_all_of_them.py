"""Waits for every page, also when one has failed long ago."""


async def fetch_all_or_none(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time.

    When one fails, the others are stopped. Raises its failure, alone or in an ExceptionGroup, when
    every one of them has ended.
    """
    pages = await asyncio.gather(*map(fetch, urls), return_exceptions=True)
    for page in pages:
        if isinstance(page, BaseException):
            raise page
    return pages
