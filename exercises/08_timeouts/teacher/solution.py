"""Exercise 08: timeouts, and what has to be over when the time is up.

`fetch` is an async function: `await fetch(url)` gives the page of that URL. When it is cancelled it
closes its connection, which may take a moment.
"""

import asyncio
import threading


async def fetch_within(fetch, url, seconds):
    """The page of `url`. Raises TimeoutError after `seconds`; then it is not fetched any more."""
    ### BEGIN SOLUTION Task 8.1: give up on a page in time
    async with asyncio.timeout(seconds):
        return await fetch(url)
    ### END SOLUTION


async def render_within(render, seconds):
    """What `render(is_over)` gives. Raises TimeoutError after `seconds`.

    `render` is a plain function that computes for long. Now and then it looks at `is_over`, a
    threading.Event that you give it, and ends when that is set: which it is as soon as this
    function is left, in whichever way.
    """
    ### BEGIN SOLUTION Task 8.2: give up on a function that never awaits
    is_over = threading.Event()
    try:
        return await asyncio.wait_for(asyncio.to_thread(render, is_over), seconds)
    finally:
        is_over.set()
    ### END SOLUTION


async def keep_working(next_job, failures):
    """Takes jobs and does them, one after the other, until it is cancelled.

    `await next_job()` waits for a job, and `await job()` does it. What a job raises is appended to
    the list `failures`, and the next one is taken.
    """
    ### BEGIN SOLUTION Task 8.3: go on after a failure, end when cancelled
    while True:
        job = await next_job()
        try:
            await job()
        except Exception as error:
            failures.append(error)
    ### END SOLUTION


async def fastest(fetch, mirrors):
    """The page from the one of `mirrors`, a list of URLs, that answers first; all are asked.

    When this function is left, in whichever way, every fetch has ended.
    """
    ### BEGIN SOLUTION Task 8.4: take the first answer, and end the rest
    tasks = [asyncio.create_task(fetch(mirror)) for mirror in mirrors]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    ### END SOLUTION
