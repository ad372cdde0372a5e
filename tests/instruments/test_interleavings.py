"""What fails under some order of tasks or threads is found, named, shown and found again."""

import asyncio
import functools
import importlib.util
import queue
import sys
import threading
import time
from threading import Lock as Padlock
from time import sleep as nap
from unittest.mock import Mock

import pytest

from asyncweb.errors import Deadlock, InstrumentError, NotTogether, RealWait
from asyncweb.instruments import Rendezvous, explore, replay, schedule
from asyncweb.instruments.schedule import Schedule


class Account:
    def __init__(self):
        self.balance = 0

    async def deposit(self, amount):
        seen = self.balance
        await asyncio.sleep(0)
        self.balance = seen + amount

    def add(self, amount):
        self.balance += amount


# ---------------------------------------------------------------------- tasks


async def lost_update():
    account = Account()
    await asyncio.gather(account.deposit(1), account.deposit(2))
    assert account.balance == 3


async def guarded_update():
    account, lock = Account(), asyncio.Lock()

    async def deposit(amount):
        async with lock:
            await account.deposit(amount)

    await asyncio.gather(deposit(1), deposit(2))
    assert account.balance == 3


async def fails_only_when_the_second_overtakes():
    order = []

    async def note(name):
        await asyncio.sleep(0)
        order.append(name)

    await asyncio.gather(note("a"), note("b"))
    assert order == ["a", "b"]


def test_a_lost_update_is_found_and_shown_turn_by_turn():
    found = explore(lost_update)
    assert found.failed
    told = str(found)
    assert "schedule usual fails: AssertionError" in told
    assert "await asyncio.sleep(0)" in told
    assert [turn.who for turn in found.failed.turns] == ["main", "A", "B", "A", "B", "main"]
    assert "A: Account.deposit  B: Account.deposit" in told


def test_a_lock_holds_under_every_schedule():
    found = explore(guarded_update)
    assert (found.failed, found.is_all) == (None, True)
    assert found.tried > 1
    found.check()
    assert str(found) == f"holds under all {found.tried} schedules"


def test_what_fails_only_in_an_unusual_order_is_found_by_name_and_replayed():
    found = explore(fails_only_when_the_second_overtakes)
    assert found.failed.name != "usual"
    again = replay(fails_only_when_the_second_overtakes, found.failed.name)
    assert (again.turns, str(again)) == (found.failed.turns, str(found.failed))
    assert replay(fails_only_when_the_second_overtakes).error is None
    with pytest.raises(AssertionError, match=f"schedule {found.failed.name} fails"):
        found.check()


def test_tasks_are_explored_where_a_loop_is_running_already():
    async def cell():
        name = explore(fails_only_when_the_second_overtakes).failed.name
        return name, replay(fails_only_when_the_second_overtakes, name).error

    name, error = asyncio.run(cell())
    assert name == explore(fails_only_when_the_second_overtakes).failed.name
    assert isinstance(error, AssertionError)


def test_every_order_comes_exactly_once():
    orders = []

    async def three():
        order = []

        async def step(name):
            order.append(name)

        await asyncio.gather(*map(step, "abc"))
        orders.append("".join(order))

    found = explore(three)
    assert found.is_all
    assert sorted(orders) == ["abc", "acb", "bac", "bca", "cab", "cba"]


def test_a_switch_comes_only_at_an_await_that_waits():
    async def update_at_once():
        account = Account()

        async def straight():
            pass

        async def deposit(amount):
            seen = account.balance
            await straight()
            account.balance = seen + amount

        await asyncio.gather(deposit(1), deposit(2))
        assert account.balance == 3

    assert explore(update_at_once).failed is None


def test_time_is_virtual_and_orders_what_it_orders():
    async def slow_and_fast():
        order = []

        async def wake(seconds):
            await asyncio.sleep(seconds)
            order.append(seconds)

        await asyncio.gather(wake(3600), wake(60))
        assert order == [60, 3600]

    found = explore(slow_and_fast)
    assert (found.failed, found.is_all) == (None, True)


def test_tasks_that_lock_in_different_orders_are_found_in_their_deadlock():
    async def crossed():
        one, other = asyncio.Lock(), asyncio.Lock()

        async def both(first, second):
            async with first:
                await asyncio.sleep(0)
                async with second:
                    pass

        await asyncio.gather(both(one, other), both(other, one))

    found = explore(crossed)
    assert isinstance(found.failed.error, Deadlock)


def test_a_lock_of_threading_held_over_an_await_is_found_out():
    async def held_over_an_await():
        lock = Padlock()

        async def add():
            with lock:
                await asyncio.sleep(0)

        await asyncio.gather(add(), add())

    found = explore(held_over_an_await)
    assert isinstance(found.failed.error, RealWait)
    assert "that another task has taken, in line" in str(found)
    assert "with lock" in str(found.failed.error)


def test_a_task_may_start_a_thread():
    async def in_a_thread():
        done = await asyncio.gather(asyncio.to_thread(sum, [1, 2]), asyncio.to_thread(sum, [3]))
        assert done == [3, 3]

    assert explore(in_a_thread, most=5).failed is None


def test_a_rendezvous_is_met_under_every_schedule():
    async def together():
        meeting = Rendezvous(2)
        await asyncio.gather(meeting(), meeting())

    assert explore(together).failed is None


def test_what_is_not_all_says_so():
    async def many():
        async def steps():
            for _ in range(5):
                await asyncio.sleep(0)

        await asyncio.gather(*(steps() for _ in range(4)))

    found = explore(many, most=20)
    assert (found.tried, found.is_all, found.failed) == (20, False, None)
    assert "there are more" in str(found)


def test_a_task_that_fails_on_its_own_writes_nothing_to_standard_error(capfd):
    async def careless():
        async def fails():
            raise LookupError

        background = asyncio.create_task(fails())
        await asyncio.sleep(1)
        del background

    explore(careless)
    assert capfd.readouterr().err == ""


# ---------------------------------------------------------------------- threads


def unguarded(together):
    account = Account()
    together(lambda: account.add(1), lambda: account.add(2))
    assert account.balance == 3, f"{account.balance} of 3"


def guarded(together, make_lock=None):
    account, lock = Account(), (make_lock or threading.Lock)()

    def add(amount):
        with lock:
            account.add(amount)

    together(lambda: add(1), lambda: add(2))
    assert account.balance == 3


def test_an_update_in_one_line_is_lost_between_its_read_and_its_write():
    found = explore(unguarded)
    assert found.failed
    told = str(found)
    assert "self.balance += amount (before it writes balance)" in told
    again = replay(unguarded, found.failed.name)
    assert str(again) == told


@pytest.mark.parametrize("kind", ["Lock", "RLock", "Semaphore", "Condition"])
def test_what_is_guarded_by_any_lock_of_threading_holds(kind):
    found = explore(lambda together: guarded(together, getattr(threading, kind)), most=100)
    assert found.failed is None


def test_a_lock_that_was_imported_by_name_takes_turns_too():
    def by_name(together):
        guarded(together, Padlock)

    assert explore(by_name, most=100).failed is None


def test_a_lock_around_the_read_alone_is_found_out():
    def half_guarded(together):
        account, lock = Account(), threading.Lock()

        def add(amount):
            with lock:
                seen = account.balance
            with lock:
                account.balance = seen + amount

        together(lambda: add(1), lambda: add(2))
        assert account.balance == 3

    assert explore(half_guarded).failed


def test_threads_that_lock_in_different_orders_are_found_in_their_deadlock():
    def crossed(together):
        one, other = threading.Lock(), threading.Lock()

        def both(first, second):
            with first, second:  # never
                pass

        together(lambda: both(one, other), lambda: both(other, one))

    found = explore(crossed)
    assert isinstance(found.failed.error, Deadlock)
    assert "with first, second:  # never (waits)" in str(found.failed)


def test_events_and_queues_take_turns():
    def pass_on(together):
        ready, items, got = threading.Event(), queue.Queue(), []

        def give():
            items.put("a")
            ready.set()

        def take():
            ready.wait()
            got.append(items.get())

        together(take, give)
        assert got == ["a"]

    found = explore(pass_on, most=100)
    assert found.failed is None


def test_a_wait_with_a_timeout_ends_when_nobody_else_can_run():
    def alone(together):
        said = []
        together(lambda: said.append(threading.Event().wait(timeout=3600)))
        assert said == [False]

    assert explore(alone).failed is None


def test_what_a_thread_raises_is_the_scenarios():
    def fails(together):
        together(lambda: 1 / 0)

    assert isinstance(explore(fails).failed.error, ZeroDivisionError)


def test_a_thread_that_sleeps_takes_no_time_and_lets_the_others_go_on():
    def polls(together):
        account, slept = Account(), []

        def wait():
            while account.balance == 0:
                slept.append(nap(3600))

        together(wait, lambda: account.add(1))

    assert explore(polls, most=50).failed is None


def test_a_sleep_between_read_and_write_loses_an_update():
    def careless(together):
        account = Account()

        def deposit(amount):
            seen = account.balance
            time.sleep(1)
            account.balance = seen + amount

        together(lambda: deposit(1), lambda: deposit(2))
        assert account.balance == 3

    found = explore(careless)
    assert "time.sleep(1) (sleeps)" in str(found)


def test_threads_meet_in_a_rendezvous_or_are_told():
    def meets(together, n=2):
        meeting = Rendezvous(n)
        together(meeting.wait, meeting.wait)

    assert explore(meets, most=50).failed is None
    found = explore(lambda together: meets(together, n=3))
    assert isinstance(found.failed.error, NotTogether)


@pytest.mark.parametrize("error", [SystemExit, asyncio.CancelledError, KeyError])
def test_whatever_ends_a_scenario_is_told(error):
    def fail():
        raise error

    async def in_a_task():
        fail()

    assert type(explore(in_a_task).failed.error) is error
    if error is not asyncio.CancelledError:
        assert type(explore(lambda together: together(fail)).failed.error) is error


def test_what_tidies_up_in_a_deadlock_hangs_nobody():
    def twice(together):
        one, other = threading.Lock(), threading.Lock()

        def stuck():
            try:
                with one, one:
                    pass
            finally:
                with other:
                    pass

        together(stuck)

    assert isinstance(explore(twice).failed.error, Deadlock)


def test_no_thread_is_left_behind():
    before = threading.active_count()
    explore(unguarded)
    assert threading.active_count() == before
    assert threading.Lock is Padlock


def test_who_asks_again_and_again_is_told_so(monkeypatch):
    monkeypatch.setattr(schedule, "ENDLESS", 50)

    def spins(together):
        account = Account()

        def wait():
            while account.balance == 0:
                pass

        together(wait)

    async def polls():
        account = Account()
        while account.balance == 0:
            await asyncio.sleep(0)

    for scenario in (spins, polls):
        failed = explore(scenario).failed
        assert "no end after 50 turns" in str(failed.error)


# ---------------------------------------------------------------------- what may be shared


def takes_a_slice(together):
    items, got = ["a"], []

    def take(items=items):  # so that only the slices are shared
        batch = items[:]
        items[:] = []
        got.extend(batch)

    together(take, take)
    assert got == ["a"]


def deletes_a_slice(together):
    items, got = ["a"], []

    def take(items=items):
        batch = items[:]
        del items[:]
        got.extend(batch)

    together(take, take)
    assert got == ["a"]


def deletes_an_attribute(together):
    account = Account()

    def leave(account=account):
        if hasattr(account, "balance"):
            del account.balance

    together(leave, leave)


def deletes_a_global(together):
    global seat
    seat = "window"

    def leave():
        global seat
        if "seat" in globals():
            del seat

    together(leave, leave)


def deletes_a_variable_of_the_function_around_it(together):
    seat = "window"

    def leave():
        nonlocal seat
        if "seat" in locals():
            del seat

    together(leave, leave)


RACY = (
    takes_a_slice,
    deletes_a_slice,
    deletes_an_attribute,
    deletes_a_global,
    deletes_a_variable_of_the_function_around_it,
)


@pytest.mark.parametrize("scenario", RACY)
def test_on_every_python_a_race_is_found_in(scenario):
    assert explore(scenario).failed


# ---------------------------------------------------------------------- what is wrapped


class Shelf:
    def __init__(self):
        self.made = 0

    @functools.cached_property
    def total(self):
        self.made += 1
        return self.made

    @property
    def label(self):
        return "books"

    @label.deleter
    def label(self):
        self.made += 1


@functools.lru_cache(1)
def stamped(shelf):
    shelf.made += 1


def computes_what_is_cached(together):
    shelf = Shelf()
    together(lambda: shelf.total, lambda: shelf.total)
    assert shelf.made == 1


def calls_what_is_cached(together):
    shelf = Shelf()
    together(lambda: stamped(shelf), lambda: stamped(shelf))
    assert shelf.made == 1


def deletes_a_property(together):
    shelf = Shelf()

    def take_off():
        del shelf.label

    together(take_off, take_off)
    assert shelf.made == 2


HAS_LOCK = pytest.mark.skipif(sys.version_info < (3, 12), reason="it has a lock of its own there")
WRAPPED = (pytest.param(computes_what_is_cached, marks=HAS_LOCK), calls_what_is_cached,
           deletes_a_property)  # fmt: skip


@pytest.mark.parametrize("scenario", WRAPPED)
def test_what_a_decorator_wraps_is_looked_into(scenario):
    assert explore(scenario).failed


def test_an_object_that_makes_up_attributes_is_not_asked_for_them():
    desk = Mock()

    def mocked(together):
        together(desk.visit, desk.visit)

    assert explore(mocked).failed is None


# ---------------------------------------------------------------------- modules under test

WORK = """
from threading import Lock
from time import sleep as nap

class Till:
    def __init__(self, is_safe):
        self.coins = 0
        self.lock = Lock()
        self.is_safe = is_safe

    def pay(self):
        if not self.is_safe:
            return self._take()
        with self.lock:
            self._take()

    def _take(self):
        seen = self.coins
        nap(3600)
        self.coins = seen + 1
"""


@pytest.fixture
def hand_in(tmp_path):
    """Makes the module that a student hands in of its source."""

    def hand_in(source):
        file = tmp_path / "work.py"
        file.write_text(source)
        spec = importlib.util.spec_from_file_location("work", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return hand_in


@pytest.mark.parametrize("is_safe", [False, True])
def test_a_module_under_test_is_looked_into(hand_in, is_safe):
    work = hand_in(WORK)

    def pays(together):
        till = work.Till(is_safe)
        together(till.pay, till.pay)
        assert till.coins == 2

    found = explore(pays, code=[work], most=100)
    assert bool(found.failed) is not is_safe
    if found.failed:
        assert "line 19: nap(3600) (sleeps)" in str(found)
        assert str(replay(pays, found.failed.name, code=[work])) == str(found)


STANDING_LOCKS = """
import threading

LOCK = threading.{kind}()

class Till:
    lock = threading.{kind}()
    coins = 0

    def pay(self):
        with {lock}:
            self.coins += 1
"""


@pytest.mark.parametrize("lock", ["LOCK", "self.lock"])
@pytest.mark.parametrize("kind", ["Lock", "RLock"])
def test_a_lock_of_a_module_under_test_or_of_its_class_takes_turns(hand_in, kind, lock):
    work = hand_in(STANDING_LOCKS.format(kind=kind, lock=lock))
    standing = work.LOCK, work.Till.lock

    def pays(together):
        till = work.Till()
        together(till.pay, till.pay)
        assert till.coins == 2

    assert explore(pays, code=[work], most=100).failed is None
    assert (work.LOCK, work.Till.lock) == standing


def test_a_lock_that_one_run_has_kept_is_free_in_the_next(hand_in):
    work = hand_in(STANDING_LOCKS.format(kind="Lock", lock="LOCK"))

    def keeps(together):
        assert not work.LOCK.locked()
        together(work.LOCK.acquire)

    assert explore(keeps, code=[work]).failed is None
    assert explore(keeps, code=[work]).failed is None


def test_a_lock_of_a_module_that_a_task_holds_over_an_await_is_a_real_wait(hand_in):
    work = hand_in(STANDING_LOCKS.format(kind="Lock", lock="LOCK"))

    async def pay():
        with work.LOCK:
            await asyncio.sleep(0)

    async def pays():
        await asyncio.gather(pay(), pay())

    assert isinstance(explore(pays, code=[work]).failed.error, RealWait)


# ---------------------------------------------------------------------- names


@pytest.mark.parametrize("name", ["", "B", "3", "3-B", "3B-", "usual-3B"])
def test_what_is_no_name_of_a_schedule_is_refused(name):
    with pytest.raises(InstrumentError, match="expected 'usual', or choices and who goes there"):
        Schedule.named(name)


@pytest.mark.parametrize("name", ["1Z", "99A"])
@pytest.mark.parametrize("scenario", [lost_update, unguarded])
def test_a_name_that_does_not_fit_says_so(scenario, name):
    with pytest.raises(InstrumentError, match=f"schedule '{name}' does not fit"):
        replay(scenario, name)


def test_what_is_no_scenario_is_refused():
    with pytest.raises(InstrumentError, match="expected an async def without parameters"):
        explore(lambda: None)
