"""Exercise 07: many pages at once, but not too many.

`fetch` is an async function: `await fetch(url)` gives the page of that URL, and may raise OSError.
All three functions give a list of pages, in the order of their `urls`.
"""

import asyncio


async def fetch_all(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time."""
    raise NotImplementedError("Task 7.1: fetch all pages at the same time")


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """
    raise NotImplementedError("Task 7.2: have at most so many on the way")


async def fetch_all_or_none(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time.

    When one fails, the others are stopped. Raises its failure, alone or in an ExceptionGroup, when
    every one of them has ended.
    """
    raise NotImplementedError("Task 7.3: stop the others when one fails")
