"""Catches everything, also while it waits for a job."""


async def keep_working(next_job, failures):
    """Takes jobs and does them, one after the other, until it is cancelled.

    `await next_job()` waits for a job, and `await job()` does it. What a job raises is appended to
    the list `failures`, and the next one is taken.
    """
    while True:
        try:
            job = await next_job()
            await job()
        except (Exception, asyncio.CancelledError) as error:
            failures.append(error)
