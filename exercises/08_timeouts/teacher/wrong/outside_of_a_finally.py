"""Ends the others when there is an answer, and only then."""


async def fastest(fetch, mirrors):
    """The page from the one of `mirrors`, a list of URLs, that answers first; all are asked.

    When this function is left, in whichever way, every fetch has ended.
    """
    tasks = [asyncio.create_task(fetch(mirror)) for mirror in mirrors]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return done.pop().result()
