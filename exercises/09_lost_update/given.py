"""Every order in which two can go on, and what becomes of a shop in it."""

import asyncio

from asyncweb.errors import Deadlock, NotTogether, RealWait
from asyncweb.grading import Mistake, same
from asyncweb.instruments import Rendezvous, explore, replay


class Purse:
    """Counts payments; one waits for its turn, as a payment does."""

    def __init__(self):
        self.payments = 0

    def pay(self):
        """A payment, to be awaited."""
        self.payments += 1
        return asyncio.sleep(0)


def turns_of(story):
    """Who ran until which line, in words."""
    return "; ".join(f"{turn.who} until {turn.until}" for turn in story.turns if turn.who != "main")


class Counter:
    """One tea is left, and two buy it at once: what came of it, in the order that was run last."""

    def __init__(self, work, purchases):
        self.sold = []
        self.paid = 0
        self._work = work
        self._purchases = purchases

    async def open(self):
        """Holds when one of both got it."""
        shop, purse = self._work.Shop({"tea": 1, "salt": 1}), Purse()
        self.sold, self.paid = [], 0
        self.sold = await asyncio.gather(*(buy(shop, purse.pay) for buy in self._purchases))
        self.paid = purse.payments
        same(sorted(self.sold), [False, True])
        same(shop.stock["tea"], 0)
        same(self.paid, 1)

    @property
    def served(self):
        """How many were told that it is theirs; None if anybody was told something else."""
        if [type(each) for each in self.sold] != [bool, bool]:
            return None
        return sum(self.sold)


def last_tea_is_sold_once(work, purchases, apart=False):
    """Holds when one of two `purchases`, functions of a shop and of how to pay, gets the last tea.

    `apart`: they call different functions of the shop.
    """
    counter = Counter(work, purchases)

    async def scenario():
        await counter.open()

    failed = explore(scenario, most=80, code=[work]).failed
    if failed is None:
        return
    turns, served, paid = turns_of(failed), counter.served, counter.paid
    if isinstance(failed.error, RealWait):
        raise Mistake("M08") from failed.error
    if not isinstance(failed.error, AssertionError) or served is None:
        raise failed.error
    if apart:
        raise Mistake("apart", sold=served, paid=paid, turns=turns)
    if served == 1 and paid > 1:
        raise Mistake("paid", paid=paid, sold=served, turns=turns)
    if served != 2:
        raise failed.error
    if failed.name == "usual":
        raise Mistake("M06", pieces=1, sold=served, turns=turns)
    raise Mistake("M32", schedule=failed.name, pieces=1, sold=served, turns=turns)


def nobody_waits_for_ever(work):
    """Holds when three who want what the others want all come to their end."""

    async def scenario():
        shop, purse = work.Shop({"tea": 9, "salt": 9}), Purse()
        await asyncio.gather(
            shop.buy("salt", purse.pay),
            shop.buy_both("salt", "tea", purse.pay),
            shop.buy_both("tea", "salt", purse.pay),
        )

    failed = explore(scenario, most=80, code=[work]).failed
    if failed is None:
        return
    if isinstance(failed.error, Deadlock):
        raise Mistake("crossed", turns=turns_of(failed)) from failed.error
    raise Mistake("M08") if isinstance(failed.error, RealWait) else failed.error


def both_can_pay_at_once(work, purchases):
    """Holds when two `purchases` of different articles are not in each other's way."""
    meeting = Rendezvous(2)

    async def scenario():
        shop = work.Shop({"tea": 1, "salt": 1, "bread": 1, "milk": 1})
        same(await asyncio.gather(*(buy(shop, meeting) for buy in purchases)), [True, True])

    error = replay(scenario, code=[work]).error
    if isinstance(error, NotTogether | RealWait | Deadlock):
        raise Mistake("M07", at="lock", together=meeting.most) from error
    if error is not None:
        raise error


def after_a_failed_payment(work):
    """What the next buyer finds: in words, or nothing when all is well."""

    async def scenario():
        shop = work.Shop({"tea": 1})
        try:
            got = await shop.buy("tea", fail)
        except OSError:
            got = "OSError"
        same(got, "OSError")
        if shop.stock["tea"] != 1:
            raise Mistake("unpaid", after=f"{shop.stock['tea']} are left of 1, and nothing is sold")
        same(await shop.buy("tea", Purse().pay), True)

    error = replay(scenario, code=[work]).error
    if isinstance(error, RealWait | Deadlock):
        after = "the next buyer waits for ever: for a lock that nobody gives back"
        raise Mistake("unpaid", after=after) from error
    if error is not None:
        raise error


async def fail():
    """A payment that fails."""
    await asyncio.sleep(0)
    raise OSError("the bank does not answer")


def visits_are_counted(work, threads):
    """Holds when so many `threads` can add one visit each, wherever they are interrupted."""
    count = None

    def scenario(together):
        nonlocal count
        visits = work.Visits()
        together(*[visits.add] * threads)
        count = visits.count
        same(count, threads)

    failed = explore(scenario, most=100, code=[work]).failed
    if failed is None:
        return
    if not isinstance(failed.error, AssertionError) or type(count) is not int:
        raise failed.error
    raise Mistake("M11", threads=threads, count=count, turns=turns_of(failed))
