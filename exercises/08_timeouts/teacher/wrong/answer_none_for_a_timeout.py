"""Returns None when the time is up."""


async def fetch_within(fetch, url, seconds):
    """The page of `url`. Raises TimeoutError after `seconds`; then it is not fetched any more."""
    try:
        async with asyncio.timeout(seconds):
            return await fetch(url)
    except TimeoutError:
        return None


async def render_within(render, seconds):
    """What `render(is_over)` gives. Raises TimeoutError after `seconds`.

    `render` is a plain function that computes for long. Now and then it looks at `is_over`, a
    threading.Event that you give it, and ends when that is set: which it is as soon as this
    function is left, in whichever way.
    """
    is_over = threading.Event()
    try:
        await asyncio.wait_for(asyncio.to_thread(render, is_over), seconds)
    except TimeoutError:
        return None
    finally:
        is_over.set()
