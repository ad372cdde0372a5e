"""Begins as late as on a busy machine, when the first who wait have gone."""


async def render_within(render, seconds):
    """What `render(is_over)` gives. Raises TimeoutError after `seconds`.

    `render` is a plain function that computes for long. Now and then it looks at `is_over`, a
    threading.Event that you give it, and ends when that is set: which it is as soon as this
    function is left, in whichever way.
    """
    is_over = threading.Event()

    def begin_late():
        return None if is_over.wait(0.15) else render(is_over)

    try:
        return await asyncio.wait_for(asyncio.to_thread(begin_late), seconds)
    finally:
        is_over.set()
