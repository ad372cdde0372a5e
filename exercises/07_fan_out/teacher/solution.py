"""Exercise 07: many pages at once, but not too many.

`fetch` is an async function: `await fetch(url)` gives the page of that URL, and may raise OSError.
All three functions give a list of pages, in the order of their `urls`.
"""

import asyncio


async def fetch_all(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time."""
    ### BEGIN SOLUTION Task 7.1: fetch all pages at the same time
    return await asyncio.gather(*(fetch(url) for url in urls))
    ### END SOLUTION


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """
    ### BEGIN SOLUTION Task 7.2: have at most so many on the way
    places = asyncio.Semaphore(limit)

    async def fetch_one(url):
        async with places:
            return await fetch(url)

    return await asyncio.gather(*(fetch_one(url) for url in urls))
    ### END SOLUTION


async def fetch_all_or_none(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time.

    When one fails, the others are stopped. Raises its failure, alone or in an ExceptionGroup, when
    every one of them has ended.
    """
    ### BEGIN SOLUTION Task 7.3: stop the others when one fails
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(url)) for url in urls]
    return [task.result() for task in tasks]
    ### END SOLUTION
