"""Orders that fail, as a notebook shows them."""

import asyncio
from contextlib import nullcontext

from asyncweb.lab.orders import in_every_order


def visits(make_lock):
    async def scenario():
        count, lock = 0, make_lock()

        async def visit():
            nonlocal count
            async with lock:
                seen = count
                await asyncio.sleep(0)
                count = seen + 1

        await asyncio.gather(visit(), visit())
        assert count == 2, f"<{count}> of 2"

    return scenario


def test_an_order_that_fails_is_shown_turn_by_turn():
    found = in_every_order(visits(nullcontext))
    page = found._repr_html_()
    assert (found.hold, found.tried, found.trouble) == (False, 1, "AssertionError: <1> of 2")
    assert "order 1 of those tried fails: AssertionError: &lt;1&gt; of 2" in page
    assert page.count("<tr>") == 1 + 6
    assert "A: visit" in page and "await asyncio.sleep(0)" in page


def test_what_holds_says_in_how_many_orders():
    found = in_every_order(visits(asyncio.Lock))
    assert found.hold and found.trouble == ""
    assert found._repr_html_() == f"<div>✓ holds under all {found.tried} schedules</div>"


def test_it_works_where_a_loop_is_running():
    async def notebook():
        return in_every_order(visits(nullcontext))

    assert not asyncio.run(notebook()).hold
