# %% [markdown]
# # 08 · A real database
#
# **Questions.** What does a web server do while the database answers? When does an async driver
# help, and when does it cost? How many connections does a page need?
#
# **You will be able to** write the same page with a driver that blocks and with one that is
# awaited, keep one slow query from stopping everybody, and choose the size of a pool by
# arithmetic instead of by feeling.
#
# **Time:** 60 minutes. **Before this:** notebooks 02 and 03; a little SQL.

# %%
import inspect
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import aiosqlite
from asyncweb import App, AsyncServer, Response, ThreadServer, load, race
from asyncweb.dashboard.screen import NoScreen
from asyncweb.drawing.units import rate, seconds
from asyncweb.lab.curve import curve
from asyncweb.lab.database.app import users_app
from asyncweb.lab.database.place import UserDatabase
from asyncweb.lab.database.users import page
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.meanwhile import meanwhile

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
CLIENTS = 8 if QUICK else 24
SECONDS = 0.4 if QUICK else 3
SLOW_MS = 300 if QUICK else 600
SIZES = [1, 4] if QUICK else [1, 2, 4, 8, 16, 24]
quietly = partial(load, screen=NoScreen())  # a load without its live view
POSTGRESQL = os.environ.get("DATABASE_URL")  # a server of your own, if you have one

# %% [markdown]
# ## A database, and a page
#
# The article that this course grew out of says: *a handler that asks the database and reads a
# file blocks; an async one does not.* It shows `SELECT * FROM users`, a template file, and no
# measurement. Here are all three.
#
# The database is SQLite, which comes with Python and keeps everything in one file. The cell makes
# one in a temporary folder, with a table of users and a template beside it. All of it is gone
# when the notebook ends.

# %%
database = UserDatabase()
connection = sqlite3.connect(database.path)
first_users = connection.execute("SELECT * FROM users LIMIT 3").fetchall()
connection.close()

for user in first_users:
    print(user)
print(database.template.read_text())

# %% [markdown]
# Now the page, twice. Both handlers open the database, ask for all users, read the template and
# put the two together. The first one uses `sqlite3`: each call comes back when it is done, and
# until then this thread does nothing else. The second one uses `aiosqlite`: wherever there is an
# `await`, the event loop may serve somebody else.

# %%
by_sqlite3, by_aiosqlite = App(), App()
path, template = database.path, database.template


# %%
@by_sqlite3.get("/")
def blocking_page(ctx):
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT * FROM users").fetchall()
    connection.close()
    return Response.html(page(rows, template.read_text()))


@by_aiosqlite.get("/")
async def async_page(ctx):
    async with aiosqlite.connect(path) as connection:
        rows = await connection.execute_fetchall("SELECT * FROM users")
    return Response.html(page(rows, await ctx.offload(template.read_text)))


with by_sqlite3.test_client() as one, by_aiosqlite.test_client() as other:
    assert one.get("/").body == other.get("/").body
    print(f"both answer the same {len(one.get('/').body):,} bytes")

# %% [markdown]
# ## Predict: what does a page cost?
#
# Each handler gets an **event-loop server** of its own, and a crowd asks for pages, in turns. How
# many times as much processor time does a page cost with the async driver? 1 means "as much", 0.5
# "half as much".

# %%
predict("08.q1", 0.5)

# %% [markdown]
# ## Run

# %%
drivers = {"sqlite3": AsyncServer(by_sqlite3), "aiosqlite": AsyncServer(by_aiosqlite)}
no_wait = race(drivers, connections=CLIENTS, duration=4 * SECONDS, rounds=2)

# %%
cost_us = {}
for name, server in no_wait.items():
    cost_us[name] = 1e6 * server.cpu_percent / 100 / server.throughput_rps
    print(f"{name:>9}: {server.throughput_rps:5.0f} pages a second, {cost_us[name]:5.0f} µs each,")
    print(f"{server.cpu_percent:14.0f} % of a core busy, the rest of the time waiting")

# %%
shows("08.c1", cost_us["aiosqlite"] / cost_us["sqlite3"])
reveal("08.q1", cost_us["aiosqlite"] / cost_us["sqlite3"])

# %% [markdown]
# ## Investigate: why does it cost more?
#
# SQLite is no server. It is a library that reads a file, and it can only block. So `aiosqlite`
# gives each connection **a thread of its own**, and carries every call over to it and back. Look
# who is there while one is open:

# %%
before = set(threading.enumerate())
async with aiosqlite.connect(path):
    print("new here:", [thread.name for thread in set(threading.enumerate()) - before])

# %% [markdown]
# And which of them answered more pages a second? That depends on whether there was anything to
# wait for. A server whose core was busy nearly all the time has waited for nothing, and then the
# detour only costs. A server whose core was *not* busy stood in `sqlite3` and waited, for a slow
# disk, or for its turn on a crowded machine; that time the other one has used for other clients.
# Read it in your table: both happen.
#
# **An async driver makes waiting cheap, and everything else a little dearer.**
#
# ## One slow query, two servers
#
# Now a query that takes long. To have one that takes the same time on every machine, we ask the
# database to sleep: `SELECT ..., pg_sleep(0.6) ...`. PostgreSQL has that function; SQLite is lent
# it, and it is Python's `time.sleep`.
#
# The lab has the page in three forms. They keep a few connections open instead of opening one
# each time, and with `?nap_ms=600` they ask the slow query. Read them; they differ in who waits:

# %%
print(inspect.getsource(users_app))

# %% [markdown]
# ## Predict: the other client
#
# One client asks for `/blocking?nap_ms=...`, the slow query (`SLOW_MS` says how slow). The moment
# the server has that in its hands, another client asks for `/hello`, which needs no database at
# all.
#
# How many milliseconds does `/hello` take on the **event-loop** server? Put your number.

# %%
predict("08.q2", 1)

# %%
pooled = users_app(database)
fast = AsyncServer(pooled).start()
slow = ThreadServer(pooled).start()

# %%
held_up_s = {}
tries = [(fast, "blocking"), (slow, "blocking"), (fast, "offloaded"), (fast, "awaited")]
for server, handler in tries:
    wait_s = meanwhile(server, f"/{handler}?nap_ms={SLOW_MS}", "/hello")
    held_up_s[server.name, handler] = wait_s
    print(f"{server.name:>8}, /{handler:<10} /hello took {1000 * wait_s:6.1f} ms")

# %%
nap_s = SLOW_MS / 1000
at_loop_s = held_up_s.pop(("async", "blocking"))
shows("08.c2", at_loop_s / nap_s)
shows("08.c3", max(held_up_s.values()) / nap_s)
reveal("08.q2", 1000 * at_loop_s)

# %% [markdown]
# Who waited for whom:
#
# ```
#                   0 ms                                     the query is done
# loop, blocking    ███████████████ the query ███████████████│█ /hello
#
# loop, awaited     █·············· the query ··············█│
#                    █ /hello                                │
#
# thread 1          ███████████████ the query ███████████████│
# thread 2           █ /hello                                │
# ```
#
# One query of one client, and every other client of that server waits for it. The thread server
# does not mind: the thread that waits is nobody else's. And the event loop has two cures:
#
# - `await ctx.offload(pool.fetch, sql)` sends the blocking call to another thread. Any driver
#   will do.
# - `await async_pool.fetch(sql)` uses a driver that is made for it.
#
# **Checkpoint.** A classmate changes `def blocking(ctx)` to `async def blocking(ctx)`, and
# nothing else. Does one slow query still hold up everybody on the event loop? Put "yes" or "no".
# The cell says nothing when you are right.

# %%
check("08.k1", ...)

# %% [markdown]
# ## Who owns a connection?
#
# A connection is a conversation. Two threads that speak at once on one would mix their words, so
# `sqlite3` refuses:

# %%
mine = sqlite3.connect(database.path)
with ThreadPoolExecutor() as others:
    print(others.submit(mine.execute, "SELECT * FROM users").exception())
mine.close()

# %% [markdown]
# So each thread needs a connection while it asks. On a server that gives every client a thread,
# what does that come to?
#
# ## Predict: how many connections?
#
# `CLIENTS` clients ask the thread server for a query of 20 ms, again and again. It may open as
# many connections as it likes. How many will it have opened in the end?

# %%
predict("08.q3", 1)

# %%
unlimited = users_app(database, connections=1000)
with ThreadServer(unlimited) as server:
    quietly(server, path="/blocking?nap_ms=20", connections=CLIENTS, duration=SECONDS)

# %%
opened = unlimited.state.pool.ledger.connections
shows("08.c4", opened / CLIENTS)
reveal("08.q3", opened)

# %% [markdown]
# One for each client, and SQLite does not care. A database *server* does: each connection costs
# it memory, on PostgreSQL a whole process, and by default it refuses the one above a hundred. A
# hundred browsers are not many. Hence the **pool**: a few connections, lent to whoever asks, and
# a queue before them.
#
# ## Predict: a pool of one
#
# Back to the event loop and to the driver that is awaited. Nothing blocks the loop now. `CLIENTS`
# clients ask for the query of 20 ms, and the pool has **one** connection.
#
# How many milliseconds does a client wait for its page?

# %%
predict("08.q4", 20)

# %% [markdown]
# ## Run: pools of all sizes
#
# For each size a server is started, loaded and stopped, in turns, up and down again.

# %%
NAP_S = 0.020
asking = {
    "path": "/awaited?nap_ms=20",
    "connections": CLIENTS,
    "duration": 2 * SECONDS,
    "warm_up_s": 0,
}


def server_with(size):
    return AsyncServer(users_app(database, connections=size))


sizes = curve(
    "connections in the pool", SIZES, server_with, asking,
    ideal=lambda size: min(size, CLIENTS) / NAP_S, rounds=1 if QUICK else 2,
)  # fmt: skip
sizes

# %%
waited_s = sizes[1].latency.mean
shows("08.c5", sizes.gain(4))
shows("08.c6", sizes[1].throughput_rps * waited_s / CLIENTS)
reveal("08.q4", 1000 * waited_s)

# %% [markdown]
# ```
# clients ──▶ event loop ──▶ queue for a connection ──▶ 1 connection ──▶ database
#            never in the way    all but one stand here      20 ms each
# ```
#
# The loop was free all the time, every line was awaited, and yet it was as slow as if it had
# blocked. **Async code waits well; it does not make the thing it waits for any wider.** With one
# connection there is one query at a time.
#
# ## Investigate: Little's law
#
# The dashed line in the picture is arithmetic. A connection that is busy for 20 ms a query can do
# 1 / 0.020 queries a second, and ten of them ten times as many. And for anything that people pass
# through,
#
# ```
# people inside = people per second × seconds that each of them stays
# ```
#
# which is called Little's law. It holds for the whole server (inside: all clients) and for the
# pool alone (inside: the connections that are lent). Where does the time of one page go?

# %%
small = users_app(database, connections=2)
with AsyncServer(small) as server:
    found = quietly(server, path="/awaited?nap_ms=20", connections=CLIENTS, duration=SECONDS)

# %%
in_queue_s = small.state.async_pool.ledger.mean_wait_s
in_all_s = found.latency.mean
print(f"a page took {1000 * in_all_s:.0f} ms. Of these, {1000 * in_queue_s:.0f} ms were spent")
print(f"in the queue for a connection, the rest in and around the query of {1000 * NAP_S:.0f} ms")
print(f"clients inside, by Little: {found.throughput_rps * in_all_s:.1f}; there were {CLIENTS}")
print(f"connections lent, by Little: {found.throughput_rps * NAP_S:.1f}; there were 2")

# %% [markdown]
# **Checkpoint.** Your page needs a query of 25 ms, and 400 requests a second are to be answered.
# How many connections must the pool have at least?

# %%
check("08.k2", ...)

# %% [markdown]
# ## A database across the network
#
# SQLite lives inside this program. PostgreSQL is another program, usually on another machine, and
# `asyncpg` speaks to it from the loop, with no thread in between. If you have such a server, set
# `DATABASE_URL` (as in `postgresql://me:secret@localhost/school`) before you start Jupyter, and
# the cell below the prediction makes a database of its own there, measures the three handlers, and
# drops it.
#
# ## Predict: waiting for a network
#
# How many times as many pages does `asyncpg` answer as `psycopg`, which blocks the loop?

# %%
predict("08.q5", 1)

# %%
if POSTGRESQL:
    with UserDatabase(POSTGRESQL) as remote, AsyncServer(users_app(remote)) as server:
        ways = {name: f"{server.url}/{name}" for name in ("blocking", "offloaded", "awaited")}
        across = race(ways, connections=CLIENTS, duration=3 * SECONDS)
        others_s = meanwhile(server, f"/awaited?nap_ms={SLOW_MS}", "/hello")
    display(across)
else:
    print("Not shown here: DATABASE_URL is not set.")
    print('It also takes: pip install "asyncweb[database]"')

# %%
if POSTGRESQL:
    shows("08.c3", others_s / nap_s)
    gain = across["awaited"].throughput_rps / across["blocking"].throughput_rps
    display(reveal("08.q5", gain))

# %% [markdown]
# ## Modify: hold a connection for nothing
#
# This handler borrows a connection, asks its query, and keeps the connection while it waits for
# something else: here a pause of 20 ms, elsewhere a call to another service. Load it. Then move
# the pause out of the `async with` block, and load it again. What has changed, and why?

# %%
pool = pooled.state.async_pool


@pooled.get("/greedy")
async def greedy(ctx):
    async with pool.lent() as connection:
        rows = await connection.fetch("SELECT * FROM users WHERE id = 1")
        await ctx.sleep(0.020)
    return rows[0][1]


held = quietly(fast, path="/greedy", connections=CLIENTS, duration=SECONDS)
print(rate(held.throughput_rps), "and p50", seconds(held.latency.percentile(0.5)))

# %% [markdown]
# ## Modify: a pool for threads
#
# Below, the thread server has as many threads as clients and a pool of four. Guess its throughput
# before you run it, by Little's law. Then give it `max_threads=4` and a pool of a thousand. Where
# do clients wait now?

# %%
with ThreadServer(users_app(database, connections=4)) as server:
    few = quietly(server, path="/blocking?nap_ms=20", connections=CLIENTS, duration=SECONDS)
print(rate(few.throughput_rps), "and p50", seconds(few.latency.percentile(0.5)))

# %% [markdown]
# ## Modify: a query that computes
#
# `pg_sleep` keeps no processor busy. This query does: SQLite counts to a number. Let 1, 2, 4 and
# 8 clients ask at once. The pool has eight connections; how many of them help? Then make it a
# plain `def` that blocks, with `pooled.state.pool.fetch`, and ask for `/hello` meanwhile.
# (Notebook 12 is about computing.)

# %%
COUNT = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)
    SELECT count(*) FROM numbers
"""


@pooled.get("/count")
async def count(ctx):
    return {"counted": (await pool.fetch(COUNT))[0][0]}


counted = quietly(fast, path="/count", connections=2, duration=SECONDS)
print(rate(counted.throughput_rps), "and p50", seconds(counted.latency.percentile(0.5)))

# %% [markdown]
# ## Make: one user, safely
#
# Write `/users/{id}` for the page of one user, once with `sqlite3` and once with `aiosqlite`,
# with a 404 for a user who is not there. Give the number to the database as a value,
# `connection.execute("... WHERE id = ?", [id])`, and never as a part of the SQL. Then try it the
# wrong way, with an f-string, and ask for `/users/1 OR 1=1` (as `/users/1%20OR%201=1`): what does
# a stranger learn?

# %%
# your handlers, on an App of your own

# %% [markdown]
# > **What could mislead you here.** Our slow query sleeps. A real one keeps the database's disk
# > or processor busy, and then more connections make *each* query slower. SQLite runs inside this
# > program: no network, no second machine, and only one writer at a time. The file with the
# > template is in the system's memory after the first read, so nobody has waited for a disk here.
# > And server, database and load share the cores of one computer: read the ratios, not the rates.

# %% [markdown]
# ## Key points
#
# - A handler that blocks on the event loop stops everyone. `async def` in front of it changes
#   nothing; `await` on something that really waits does.
# - An async driver makes *waiting* cheap. For a query that takes no time, in a database inside
#   the program, it costs more than the one that blocks.
# - `ctx.offload` makes any blocking driver harmless, at the price of a thread while it waits.
# - A connection is used by one at a time. Connection per thread means connection per client,
#   until there is a pool.
# - Throughput is at most connections / seconds per query. Too small a pool is a queue, whatever
#   the code above it looks like.
#
# **Exercises that belong to it:** 03_blocking_server, 05_async_twin, 06_find_the_blocker,
# 14_littles_law.
#
# Stop what you started. Nothing is left afterwards: no thread, no socket, no file.

# %%
fast.stop()
slow.stop()
database.close()
