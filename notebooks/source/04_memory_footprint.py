# %% [markdown]
# # 04 · Memory footprint
#
# **Questions.** What does a client cost who is connected and says nothing? Which of the many numbers that are called
# "memory" answers that?
#
# **You will be able to** measure what one connection costs a server, tell what is reserved from what is used, say what
# RSS, USS, VMS and `tracemalloc` each count, and explain why a thread does not cost 8 MB.
#
# **Time:** 45 minutes. **Before this:** 02 Blocking or async.

# %%
import asyncio
import json
import os
import sqlite3
import threading

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.lab.footprint import footprint
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.stack import stacks_of
from asyncweb.lab.weighing import weigh

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
CONNECTIONS = 400 if QUICK else 10_000
WAITERS = 200 if QUICK else 1_000
OBJECTS = 80_000 if QUICK else 200_000
KIB, MIB = 1024, 1024**2

# %% [markdown]
# ## A crowd that says nothing
#
# A chat, a phone that waits for news, a browser that keeps its connection open in case you click again: most clients
# of most servers are connected and idle. They need no processor time. They need memory.
#
# On one of our servers an idle client has a thread that waits for it. On the other it has an entry in a list. You have
# probably read that a thread needs 8 MB for its stack.

# %%
app = App()


# %%
@app.get("/")
def home(ctx):
    return "Hello World"


servers = {"async": AsyncServer(app), "threads": ThreadServer(app)}

# %% [markdown]
# ## Predict: one idle client
#
# How much memory, in KiB, does **one** idle client cost each server? 8 MiB are 8192 KiB. Put your own numbers.

# %%
predict("04.q1", 8192)  # KiB for a client of the thread server

# %%
predict("04.q2", 8192)  # KiB for a client of the event-loop server

# %% [markdown]
# ## Run
#
# `footprint` starts a twin of each server in a process of its own, lets a growing crowd connect, and looks at the
# server from outside, once for each size of the crowd. Each client asks once, is answered, and then stays and is
# silent. The clients live in a third process: every connection is an open file at both ends, and a process may open
# only so many. Where your system allows fewer than we want, the table says so.

# %%
found = footprint(servers, CONNECTIONS, tell=print)
found

# %%
reveal("04.q1", found["threads"].per_connection("rss") / KIB)

# %%
reveal("04.q2", found["async"].per_connection("rss") / KIB)

# %% [markdown]
# The bold rows are the answer: a **slope**. Not "memory divided by clients", for the process needs much before the
# first client comes; but how much *more* it needs for each *further* one.

# %%
by_threads, by_loop = (found[name].per_connection("rss") for name in ("threads", "async"))

shows("04.c1", by_threads / by_loop)

# %% [markdown]
# ## Investigate: reserved is not used
#
# A thread costs more than an entry in a list, but far less than 8 MB. Yet the column VMS does show megabytes for each:
#
# - **VMS**, virtual memory: all addresses that the process may use. A promise of the system, as a street may have
#   house numbers for houses nobody has built. (Windows counts here only what it has already set memory aside for.)
# - **RSS**, resident: the pages that are in memory now. The system gives a page (4 KiB on most machines) when its
#   address is touched for the first time, not before.
# - **USS**, unique: of these, the pages that no other process shares. It is what you would get back if the process
#   ended.
#
# The 8 MB are the first kind. Let us look at one thread's stack, at the addresses themselves.

# %% [markdown]
# ## Predict: how much of a stack is used?
#
# A thread is started, does nothing and waits. What share of its stack is in memory, in percent? And does it matter what
# the thread does?

# %%
predict("04.q3", 50)  # percent of the stack of a thread that does nothing

# %%
nested = []
for _ in range(400):
    nested = [nested]  # a list in a list in a list ...


def write_nested():
    json.dumps(nested)  # a function in C that calls itself for each level


stacks = stacks_of({"nothing": lambda: None, "json, 400 deep": write_nested})
stacks

# %%
seen = stacks["nothing"]
if seen.reserved_bytes is None:
    print("This system does not count what is only reserved: nobody can tell the share here.")
else:
    display(reveal("04.q3", 100 * seen.resident_share))

# %% [markdown]
# A stack begins at its highest address and grows downwards. The pale bar is what has an address. What is in memory is
# so little that it has to be enlarged to be seen. The second thread called deeper once, touched more pages, and **keeps
# them**: what a stack has touched stays, whether it is still needed or not.
#
# (The figures come from `/proc/self/smaps` on Linux. Elsewhere a hundred threads are started and what the process grew
# by is divided among them; the line below the table says which. Windows counts no addresses that are only reserved.)

# %%
if seen.reserved_bytes is not None:
    shows("04.c2", seen.reserved_bytes / seen.resident_bytes)

# %% [markdown]
# **Checkpoint.** A server with 1,000 idle threads shows 9 GB of VMS. Your machine has 4 GB of memory and nothing else
# to do. Does that run? Put `"yes"` or `"no"`; the cell says nothing when you are right.

# %%
check("04.k1", ...)

# %% [markdown]
# ## Weigh it yourself
#
# A server is more than its waiting. So let us put bare waiters on the scales: threads that wait for an event, and tasks
# that wait for an event. `weigh(work)` runs your function in a fresh process, and notes what that process has whenever
# you say `scales.look("...")`. It then runs it once more under `tracemalloc`, which counts what Python's own objects
# take.


# %%
def waiting_threads(scales):
    gate = threading.Event()
    scales.look("nobody waits")
    threads = [threading.Thread(target=gate.wait) for _ in range(WAITERS)]
    for thread in threads:
        thread.start()
    scales.look("all wait")
    gate.set()
    for thread in threads:
        thread.join()
    scales.look("all are gone")


def waiting_tasks(scales):
    async def main():
        gate = asyncio.Event()
        scales.look("nobody waits")
        tasks = [asyncio.create_task(gate.wait()) for _ in range(WAITERS)]
        await asyncio.sleep(0)  # let each of them begin
        scales.look("all wait")
        gate.set()
        await asyncio.gather(*tasks)
        scales.look("all are gone")

    asyncio.run(main())


# %% [markdown]
# ## Predict
#
# How many waiting tasks fit into the memory (RSS) of one waiting thread?

# %%
predict("04.q4", 1000)

# %%
threads = weigh(waiting_threads)
threads

# %%
tasks = weigh(waiting_tasks)
tasks

# %%
reveal("04.q4", threads["all wait"].rss_bytes / tasks["all wait"].rss_bytes)

# %%
shows("04.c3", threads["all wait"].rss_bytes / tasks["all wait"].rss_bytes)

# %% [markdown]
# ## Investigate: two witnesses who disagree
#
# Look at the first column. For tasks `tracemalloc` and RSS tell about the same story. For threads they do not:
# `tracemalloc` has seen the Python objects of each thread and **none of its stack**. It counts what is allocated by
# Python's allocator. A stack, and whatever a library in C allocates by itself, passes it by.
#
# SQLite is such a library. The next cell fills a table that is kept in memory.


# %%
def fill_table(scales):
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE pages (text BLOB)")
    scales.look("an empty table")
    for _ in range(20):
        database.execute("INSERT INTO pages VALUES (zeroblob(1000000))")
    scales.look("20 MB of rows")


# %%
predict("04.q5", 100)  # percent of the growth that tracemalloc sees

# %%
table = weigh(fill_table)
table

# %%
grown = table["20 MB of rows"]
reveal("04.q5", 100 * grown.traced_bytes / grown.rss_bytes)

# %%
shows("04.c4", 100 * grown.traced_bytes / grown.rss_bytes)

# %% [markdown]
# **Checkpoint.** A service grows by 50 MB an hour in RSS. `tracemalloc` says its Python objects stay the same. What do
# you conclude? `"python objects leak"`, `"no leak"` or `"look outside python"`.

# %%
check("04.k2", ...)

# %% [markdown]
# ## Predict: giving back
#
# Many small objects are made, about 500 bytes each. Then all of them are deleted, but one in a thousand. How much of
# what the process had grown by does it give back to the system, in percent?


# %%
def delete_nearly_all(scales):
    scales.look("nothing")
    things = [bytes(450) for _ in range(OBJECTS)]
    scales.look("all")
    things = things[::1000]
    scales.look("one in a thousand")
    things.clear()
    scales.look("none")


predict("04.q6", 99.9)  # percent given back when one in a thousand is left

# %%
deleted = weigh(delete_nearly_all)
deleted

# %%
most, few = deleted["all"].rss_bytes, deleted["one in a thousand"].rss_bytes
reveal("04.q6", 100 * (most - few) / most)

# %%
shows("04.c5", 100 * (most - few) / most)

# %% [markdown]
# Python asks the system for memory in large pieces (*arenas*, 1 MiB since Python 3.10) and cuts them up. A piece can be
# given back only when **nothing** in it is alive, and one object in a thousand is enough to hold a piece of a thousand.
# Nothing has leaked: the room is used again for the next objects. But RSS does not fall, and that is no sign of a leak.
#
# The same on our servers, when the whole crowd has left:

# %%
for name, server in found.items():
    print(f"{name:>8}: {server.kept_share:4.0%} of what came with the crowd is still there")

# %% [markdown]
# (More than 100 % is what came while they left. Of the threads the stacks are gone; what stays is what the allocator
# keeps.)
#
# **Checkpoint.** At noon 10,000 clients come to a server, at one o'clock they leave. RSS rises at noon. At one o'clock
# it `"falls to where it was"`, or `"may stay"`?

# %%
check("04.k3", ...)

# %% [markdown]
# ## Predict: the very first client
#
# `footprint` looked once more, when the very first client of the process had come, alone. How many times as much did
# that one cost the event-loop server as each of the later ones?

# %%
predict("04.q7", 1)

# %%
reveal("04.q7", found["async"].first_bytes / by_loop)

# %%
shows("04.c6", found["async"].first_bytes / by_loop)

# %% [markdown]
# With the first request everything is loaded and made that is made once: modules, buffers, caches. Who measures with
# one client and multiplies, is wrong by that factor. A first run is never representative: warm up, take several sizes,
# and take the slope.
#
# **Checkpoint.** You have measured a server: 20.0 MiB without clients, 20.5 MiB with 1, 23.0 MiB with 1,001 clients.
# How many KiB does each *further* client cost? Put a number.

# %%
check("04.k4", ...)

# %% [markdown]
# > **What could mislead you here.**
# >
# > - The kernel has memory of its own for each connection and each thread: buffers of the socket, a kernel stack,
# >   page tables. No figure of the process counts it. The limit of a container does.
# > - *Idle* is the best case. A handler at work has local variables, a request and an answer in memory; a thread that
# >   once called deep keeps the pages.
# > - RSS counts a page that ten processes share ten times. Add up USS instead.
# > - 10,000 waiting threads are cheap in memory. That says nothing of what it costs to switch between them when they
# >   all wake up.
# > - VMS has more promises in it than stacks. On Linux the C library reserves 64 MiB for each of the first threads that
# >   allocate something; look at the row "all are gone" again.
# > - Looking costs, too: to count the pages of a process with thousands of threads, the kernel holds it up for a
# >   moment. Who looks all the time measures the looking. `footprint` looks once for each crowd.
# > - Small crowds lie: the allocator takes memory in pieces, and with few clients you measure the pieces.

# %% [markdown]
# ## Modify: a pool
#
# A `ThreadServer` with `max_threads` gives a thread only to a client who has asked something; the idle ones are parked.
# Guess what an idle client costs there, then run it. Whose slope is it near, and why?

# %%
pool = {"pool": ThreadServer(app, max_threads=4)}
# footprint(pool, CONNECTIONS, tell=print)

# %% [markdown]
# ## Modify: a smaller stack
#
# `threading.stack_size(256 * KIB)` before the threads are started makes their stacks smaller. Which of the columns of
# `weigh(waiting_threads)` change, and which one does not? Say it before you run it.


# %%
def waiting_on_small_stacks(scales):
    threading.stack_size(256 * KIB)
    waiting_threads(scales)


# weigh(waiting_on_small_stacks)

# %% [markdown]
# ## Modify: deeper
#
# Change the depth of `nested` above from 400 to 100 and to 800, and look at the stacks again. How many bytes of stack
# does one level cost? (Take the slope.)

# %%
# stacks_of({"100": ..., "400": ..., "800": ...})

# %% [markdown]
# ## Modify: 50 MB of nothing
#
# `bytes(50_000_000)` are 50 MB of zeros, `b"x" * 50_000_000` are 50 MB of the letter x. Weigh both in one work. What
# does `tracemalloc` say of each, what RSS and VMS? Which of the two have you paid for, and who has not been told? (The
# system knows what fresh pages contain: zeros.)


# %%
def fifty_mb(scales):
    scales.look("nothing")
    # zeros = ...
    # scales.look("zeros")


# %% [markdown]
# ## Modify: the kernel's share
#
# On Linux `/proc/meminfo` has a line `KernelStack`. Read it before and after `gate.set()` in `waiting_threads`. How
# much does the kernel keep for each thread, beside what the process shows?

# %%
# your cell

# %% [markdown]
# ## Make: a budget
#
# You shall keep 100,000 clients in 2 GiB. Each has a session: a name, a list of the last ten messages, the time it was
# last seen. Write a class for it, twice: once as usual, once with `__slots__`. `weigh` both, with three sizes of the
# crowd each. What does a session cost, together with its connection, on each of the two servers? Does it fit?


# %%
class Session:
    def __init__(self, name):
        self.name = name


def sessions(scales):
    scales.look("nobody")
    # kept = [Session(f"client {number}") for number in range(10_000)]
    # scales.look("10,000 sessions")


# %% [markdown]
# ## Key points
#
# - A thread *reserves* megabytes of addresses and *uses* some kilobytes of memory. Memory is given page by page, when
#   it is touched.
# - A waiting task costs less still. Of the memory of an idle connection, the way of waiting is the largest part.
# - VMS is a promise, RSS is what is in memory, USS is what is yours alone, `tracemalloc` is what Python has allocated.
#   Each is right about what it counts.
# - Memory that was freed is used again, but seldom given back. Compare plateaus, not the moment after.
# - What one of many costs is a slope over several sizes, after a warm-up.
#
# **Exercises that belong to it:** `16_memory_per_connection`.
#
# Stop what you started. The twins have ended with their measurements; these two have never run.

# %%
for server in (*servers.values(), *pool.values()):
    server.stop()
