"""Asks the question to end, and does not wait for it."""


async def ask(fetch, path):
    """200 and what the upstream says; 504 when that takes longer than PATIENCE_S, 502 if it fails.

    However this ends, the question to the upstream has ended too.
    """
    question = asyncio.create_task(fetch(path))
    try:
        await asyncio.wait([question], timeout=PATIENCE_S)
        if not question.done():
            return 504, b"the upstream takes too long"
        return 200, question.result()
    except ConnectionError:
        return 502, b"the upstream cannot be reached"
    finally:
        question.cancel()
