"""Buys one and then the other."""


class Shop:
    """Sells what there is: `stock` says how many of each article.

    Nobody pays for what they do not get, and nothing is taken away when a payment fails. Who buys
    one article does not wait for who buys another.
    """

    def __init__(self, stock):
        self.stock = dict(stock)
        self._locks = {article: asyncio.Lock() for article in stock}

    async def buy(self, article, pay):
        """True when one `article` was paid and taken from the stock; False when none is left."""
        async with self._locks[article]:
            if self.stock[article] == 0:
                return False
            await pay()
            self.stock[article] -= 1
            return True

    async def buy_both(self, first, second, pay):
        """True when one of each, two different articles, was taken, for one payment of both.

        False, with nothing taken, when one of the two is missing.
        """
        return await self.buy(first, pay) and await self.buy(second, pay)
