"""Exercise 09: the lost update, among tasks and among threads.

`pay` is an async function: `await pay()` waits for the payment of one purchase, and may raise.
"""

import asyncio
import threading


async def handle_all(jobs, handle):
    """Awaits `handle(job)` for each of the `jobs`, in order; between two of them others may run.

    That holds also for a `handle` that has nothing to wait for.
    """
    raise NotImplementedError("Task 9.1: let others have a turn between two jobs")


class Shop:
    """Sells what there is: `stock` says how many of each article.

    Nobody pays for what they do not get, and nothing is taken away when a payment fails. Who buys
    one article does not wait for who buys another.
    """

    def __init__(self, stock):
        self.stock = dict(stock)

    async def buy(self, article, pay):
        """True when one `article` was paid and taken from the stock; False when none is left."""
        raise NotImplementedError("Task 9.2: sell what there is, once")

    async def buy_both(self, first, second, pay):
        """True when one of each, two different articles, was taken, for one payment of both.

        False, with nothing taken, when one of the two is missing.
        """
        raise NotImplementedError("Task 9.3: sell two articles, or none of them")


class Visits:
    """Counts visits; any thread may `add` one at any time."""

    def __init__(self):
        self.count = 0

    def add(self):
        """Counts one visit more."""
        raise NotImplementedError("Task 9.4: count visits from many threads")
