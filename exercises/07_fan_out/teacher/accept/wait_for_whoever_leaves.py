"""Starts one more whenever one has ended, and asks `asyncio.wait` for both."""


async def fetch_with_limit(fetch, urls, limit):
    """The pages of all `urls`; at most `limit` of them are on the way at any time.

    As long as pages are left to be fetched, no place stays empty.
    """
    tasks, inside = [], set()
    for url in urls:
        if len(inside) == limit:
            _, inside = await asyncio.wait(inside, return_when=asyncio.FIRST_COMPLETED)
        tasks.append(asyncio.create_task(fetch(url)))
        inside.add(tasks[-1])
    return await asyncio.gather(*tasks)


async def fetch_all_or_none(fetch, urls):
    """The pages of all `urls`, all of them on the way at the same time.

    When one fails, the others are stopped. Raises its failure, alone or in an ExceptionGroup, when
    every one of them has ended.
    """
    tasks = [asyncio.create_task(fetch(url)) for url in urls]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in pending:
        task.cancel()
    if pending:
        await asyncio.wait(pending)
    return [task.result() for task in sorted(done, key=tasks.index)]
