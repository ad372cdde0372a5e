"""Has misspelt a name where it gives back; its exception has to be told."""


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
        if self.stock[article] == 0:
            return False
        self.stock[article] -= 1
        try:
            await pay()
        except BaseException:
            self.stok[article] += 1
            raise
        return True

    async def buy_both(self, first, second, pay):
        """True when one of each, two different articles, was taken, for one payment of both.

        False, with nothing taken, when one of the two is missing.
        """
        one, other = sorted([first, second])
        async with self._locks[one], self._locks[other]:
            if self.stock[first] == 0 or self.stock[second] == 0:
                return False
            await pay()
            self.stock[first] -= 1
            self.stock[second] -= 1
            return True
