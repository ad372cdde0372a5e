"""Leaves a TaskGroup by an exception that the first answer raises."""


class Answered(Exception):
    """Somebody has the page, which is the first argument."""


async def fastest(fetch, mirrors):
    """The page from the one of `mirrors`, a list of URLs, that answers first; all are asked.

    When this function is left, in whichever way, every fetch has ended.
    """

    async def ask(mirror):
        raise Answered(await fetch(mirror))

    pages = []
    try:
        async with asyncio.TaskGroup() as group:
            for mirror in mirrors:
                group.create_task(ask(mirror))
    except* Answered as first:
        pages = [each.args[0] for each in first.exceptions]
    return pages[0]


async def keep_working(next_job, failures):
    """Takes jobs and does them, one after the other, until it is cancelled.

    `await next_job()` waits for a job, and `await job()` does it. What a job raises is appended to
    the list `failures`, and the next one is taken.
    """
    while True:
        job = await next_job()
        try:
            await job()
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            failures.append(error)
