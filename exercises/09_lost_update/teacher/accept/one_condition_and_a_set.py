"""Keeps the articles that are just being paid in a set, and one Condition to wait for it."""


class Shop:
    """Sells what there is: `stock` says how many of each article.

    Nobody pays for what they do not get, and nothing is taken away when a payment fails. Who buys
    one article does not wait for who buys another.
    """

    def __init__(self, stock):
        self.stock = dict(stock)
        self._being_paid = set()
        self._changed = asyncio.Condition()

    async def buy(self, article, pay):
        """True when one `article` was paid and taken from the stock; False when none is left."""
        return await self._sell({article}, pay)

    async def buy_both(self, first, second, pay):
        """True when one of each, two different articles, was taken, for one payment of both.

        False, with nothing taken, when one of the two is missing.
        """
        return await self._sell({first, second}, pay)

    async def _sell(self, articles, pay):
        async with self._changed:
            await self._changed.wait_for(lambda: not self._being_paid & articles)
            self._being_paid |= articles
        try:
            if not all(self.stock[article] for article in articles):
                return False
            await pay()
            for article in articles:
                self.stock[article] -= 1
            return True
        finally:
            async with self._changed:
                self._being_paid -= articles
                self._changed.notify_all()
