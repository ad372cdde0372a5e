"""Runs it in a thread, and waits for it as long as it likes."""


async def render_within(render, seconds):
    """What `render(is_over)` gives. Raises TimeoutError after `seconds`.

    `render` is a plain function that computes for long. Now and then it looks at `is_over`, a
    threading.Event that you give it, and ends when that is set: which it is as soon as this
    function is left, in whichever way.
    """
    is_over = threading.Event()
    try:
        return await asyncio.to_thread(render, is_over)
    finally:
        is_over.set()
