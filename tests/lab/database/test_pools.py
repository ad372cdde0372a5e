"""The pool for threads and the one for an event loop, in the same words."""

import asyncio
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.database.async_pool import AsyncPool
from asyncweb.lab.database.pool import Pool
from asyncweb.lab.database.users import ALL_USERS, nap, users
from tests.conftest import PATIENCE_S
from tests.lab.database.gate import gate as gate

COUNT = "SELECT count(*) FROM users"
WRITE = "INSERT INTO users VALUES (99, 'Grace Ng', 'grace99@example.org') RETURNING id"
NONSENSE = "SELECT nothing FROM nowhere"
EITHER = pytest.mark.parametrize("make", [Pool, AsyncPool])
MANY = 6


def fetch(pool, *queries):
    """What each query gives, rows or an error, asked one after the other; then the pool closes."""
    if isinstance(pool, Pool):
        found = [_tried(pool, query) for query in queries]
        pool.close()
        return found
    return asyncio.run(_fetch(pool, queries))


async def _fetch(pool, queries):
    found = [(await asyncio.gather(pool.fetch(one), return_exceptions=True))[0] for one in queries]
    await pool.close()
    return found


def _tried(pool, query):
    try:
        return pool.fetch(query)
    except Exception as error:
        return error


@EITHER
def test_rows_are_tuples_whoever_fetched_them(make, database):
    assert fetch(make(database.url, 1), ALL_USERS) == [users(50)]


@EITHER
def test_what_one_has_written_is_there_for_all(make, database):
    assert fetch(make(database.url, 1), WRITE) == [[(99,)]]
    assert fetch(make(database.url, 1), COUNT) == [[(51,)]]


@EITHER
def test_connections_are_opened_when_needed_and_used_again(make, database):
    pool = make(database.url, 5)
    assert pool.ledger.connections == 0
    assert fetch(pool, COUNT, COUNT, COUNT) == [[(50,)]] * 3
    assert pool.ledger.connections == 1


@EITHER
def test_a_query_that_fails_spoils_nothing_for_the_next(make, database):
    pool = make(database.url, 1)
    failed, then = fetch(pool, NONSENSE, COUNT)
    assert "no" in str(failed)
    assert then == [(50,)]
    assert pool.ledger.connections == 2  # nobody knows what state the first was in


@EITHER
def test_a_pool_that_was_closed_opens_anew(make, database):
    pool = make(database.url, 1)
    for opened in (1, 2):
        assert fetch(pool, COUNT) == [[(50,)]]
        assert pool.ledger.connections == opened


@EITHER
def test_to_another_process_it_goes_empty(make, sqlite):
    pool = make(sqlite.url, 3)
    fetch(pool, COUNT)
    copy = pickle.loads(pickle.dumps(pool))
    assert (copy.size, copy.ledger.connections) == (3, 0)
    assert fetch(copy, COUNT) == [[(50,)]]


@EITHER
@pytest.mark.parametrize("size", [0, -1, 1.5, "two", True, None])
def test_a_size_that_is_none_is_refused(make, size):
    with pytest.raises(LessonError, match="a pool holds a whole number of connections"):
        make("sqlite://nowhere", size)


def test_of_many_threads_as_many_ask_at_once_as_there_are_connections(gate, sqlite):
    pool = Pool(sqlite.url, 2)
    with ThreadPoolExecutor(MANY) as threads:
        asked = [threads.submit(pool.fetch, nap(1)) for _ in range(MANY)]
        gate.await_inside(2)
        gate.let_through()
        assert [len(one.result()) for one in asked] == [1] * MANY
    assert (gate.most, pool.ledger.connections) == (2, 2)
    assert pool.ledger.mean_wait_s > 0
    pool.close()


def test_of_many_tasks_as_many_ask_at_once_as_there_are_connections(gate, sqlite):
    async def main(pool):
        asked = [asyncio.create_task(pool.fetch(nap(1))) for _ in range(MANY)]
        await asyncio.to_thread(gate.await_inside, 2)
        gate.let_through()
        rows = await asyncio.gather(*asked)
        await pool.close()
        return [len(one) for one in rows]

    pool = AsyncPool(sqlite.url, 2)
    assert asyncio.run(main(pool)) == [1] * MANY
    assert (gate.most, pool.ledger.connections) == (2, 2)
    assert pool.ledger.mean_wait_s > 0


def test_a_task_that_is_cancelled_gives_its_connection_back(gate, sqlite):
    async def main(pool):
        asked = asyncio.create_task(pool.fetch(nap(1)))
        await asyncio.to_thread(gate.await_inside, 1)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        gate.let_through()
        rows = await pool.fetch(COUNT)
        await pool.close()
        return rows

    assert asyncio.run(main(AsyncPool(sqlite.url, 1))) == [(50,)]


def test_while_the_query_of_a_cancelled_task_runs_nobody_gets_its_connection(gate, sqlite):
    async def main(pool):
        left = asyncio.create_task(pool.fetch(nap(1)))
        await asyncio.to_thread(gate.await_inside, 1)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        next_one = pool.lent()
        asked = asyncio.create_task(next_one.__aenter__())
        for _ in range(5):
            await asyncio.sleep(0)
        assert not asked.done()
        gate.let_through()
        await asked
        await next_one.__aexit__(None, None, None)
        await pool.close()

    asyncio.run(main(AsyncPool(sqlite.url, 1)))


def test_a_pool_that_closes_ends_the_connection_of_a_cancelled_task_as_well(gate, sqlite):
    async def main(pool):
        before = set(threading.enumerate())
        left = asyncio.create_task(pool.fetch(nap(1)))
        await asyncio.to_thread(gate.await_inside, 1)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        closing = asyncio.create_task(pool.close())
        await asyncio.sleep(0)
        gate.let_through()
        await closing
        workers = set(threading.enumerate()) - before
        return [one for one in workers if not one.name.startswith("asyncio")]

    own = asyncio.run(main(AsyncPool(sqlite.url, 1)))
    for thread in own:
        thread.join(PATIENCE_S)
    assert not any(thread.is_alive() for thread in own)


def test_a_second_loop_is_told_to_have_a_pool_of_its_own(sqlite):
    async def main(pool):
        await pool.fetch(COUNT)
        with ThreadPoolExecutor(1) as other:
            second = other.submit(asyncio.run, pool.fetch(COUNT))
            trouble = await asyncio.to_thread(second.exception)
            other.submit(asyncio.run, pool.close()).result()  # which leaves it alone
        rows = await pool.fetch(COUNT)
        await pool.close()
        return trouble, rows

    pool = AsyncPool(sqlite.url, 1)
    trouble, rows = asyncio.run(main(pool))
    assert isinstance(trouble, LessonError)
    assert "give each server an AsyncPool of its own" in str(trouble)
    assert (rows, pool.ledger.connections) == ([(50,)], 1)
