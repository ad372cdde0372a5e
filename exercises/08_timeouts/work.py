"""Exercise 08: timeouts, and what has to be over when the time is up.

`fetch` is an async function: `await fetch(url)` gives the page of that URL. When it is cancelled it
closes its connection, which may take a moment.
"""

import asyncio
import threading


async def fetch_within(fetch, url, seconds):
    """The page of `url`. Raises TimeoutError after `seconds`; then it is not fetched any more."""
    raise NotImplementedError("Task 8.1: give up on a page in time")


async def render_within(render, seconds):
    """What `render(is_over)` gives. Raises TimeoutError after `seconds`.

    `render` is a plain function that computes for long. Now and then it looks at `is_over`, a
    threading.Event that you give it, and ends when that is set: which it is as soon as this
    function is left, in whichever way.
    """
    raise NotImplementedError("Task 8.2: give up on a function that never awaits")


async def keep_working(next_job, failures):
    """Takes jobs and does them, one after the other, until it is cancelled.

    `await next_job()` waits for a job, and `await job()` does it. What a job raises is appended to
    the list `failures`, and the next one is taken.
    """
    raise NotImplementedError("Task 8.3: go on after a failure, end when cancelled")


async def fastest(fetch, mirrors):
    """The page from the one of `mirrors`, a list of URLs, that answers first; all are asked.

    When this function is left, in whichever way, every fetch has ended.
    """
    raise NotImplementedError("Task 8.4: take the first answer, and end the rest")
