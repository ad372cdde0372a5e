"""Uses wait_for for the page, an executor for the chart, and a callback to tell its thread."""


async def fetch_within(fetch, url, seconds):
    """The page of `url`. Raises TimeoutError after `seconds`; then it is not fetched any more."""
    return await asyncio.wait_for(fetch(url), timeout=seconds)


async def render_within(render, seconds):
    """What `render(is_over)` gives. Raises TimeoutError after `seconds`.

    `render` is a plain function that computes for long. Now and then it looks at `is_over`, a
    threading.Event that you give it, and ends when that is set: which it is as soon as this
    function is left, in whichever way.
    """
    is_over = threading.Event()
    chart = asyncio.get_running_loop().run_in_executor(None, render, is_over)
    chart.add_done_callback(lambda future: is_over.set() if future.cancelled() else None)
    async with asyncio.timeout(seconds):
        return await chart
