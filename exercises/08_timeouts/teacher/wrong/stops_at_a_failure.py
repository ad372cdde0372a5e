"""Puts the loop into the try: the first failure is the last."""


async def keep_working(next_job, failures):
    """Takes jobs and does them, one after the other, until it is cancelled.

    `await next_job()` waits for a job, and `await job()` does it. What a job raises is appended to
    the list `failures`, and the next one is taken.
    """
    try:
        while True:
            job = await next_job()
            await job()
    except Exception as error:
        failures.append(error)
