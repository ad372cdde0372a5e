"""Has misspelt a name; that is no belief, and its exception has to be told."""


async def keep_working(next_job, failures):
    """Takes jobs and does them, one after the other, until it is cancelled.

    `await next_job()` waits for a job, and `await job()` does it. What a job raises is appended to
    the list `failures`, and the next one is taken.
    """
    while True:
        job = await next_job()
        try:
            await job()
        except Exception as error:
            failure.append(error)
