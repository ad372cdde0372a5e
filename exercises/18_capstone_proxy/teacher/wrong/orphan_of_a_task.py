"""Ends its task when that is late, not when the client leaves."""


async def ask(fetch, path):
    """200 and what the upstream says; 504 when that takes longer than PATIENCE_S, 502 if it fails.

    However this ends, the question to the upstream has ended too.
    """
    question = asyncio.create_task(fetch(path))
    _, late = await asyncio.wait([question], timeout=PATIENCE_S)
    if late:
        question.cancel()
        await asyncio.wait([question])
        return 504, b"the upstream takes too long"
    if isinstance(question.exception(), ConnectionError):
        return 502, b"the upstream cannot be reached"
    return 200, question.result()
