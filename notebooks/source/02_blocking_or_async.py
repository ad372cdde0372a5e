# %% [markdown]
# # 02 · Blocking or async
#
# **Questions.** How can one thread serve three clients that each have to wait, in the time of one wait? And what does
# a server do that has a thread for each of them?
#
# **You will be able to** read a timeline of requests, say who runs, who waits and who is kept waiting on either
# server, and foretell how many requests a second a server can answer when its handlers wait.
#
# **Time:** 45 minutes. **Before this:** notebooks 00 and 01.

# %%
import os

from asyncweb import App, AsyncServer, ThreadServer, race
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.timeline import timeline

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
CLIENTS = 20 if QUICK else 200
SECONDS = 1 if QUICK else 4

# %% [markdown]
# ## One app, two ways to wait for it
#
# The handler below asks a database, or would: it waits for 10 ms and needs no processor meanwhile. Most of what web
# servers do is like that. The two servers run the same handler. They differ in what they do with the 10 ms.

# %%
app = App()


# %%
@app.get("/users/{id:int}")
async def user(ctx):
    await ctx.sleep(0.010)  # as if a database were asked
    return {"id": ctx.params["id"], "name": "User"}


# %%
loop = AsyncServer(app, name="loop").start()
threads = ThreadServer(app, name="threads").start()
display(loop, threads)

# %% [markdown]
# ## Predict: three at once, one thread
#
# `AsyncServer` has a single thread for all its handlers. Three clients ask at the same moment. Each handler takes 10
# ms. After how many milliseconds is the **last** of the three answered? Put your number.

# %%
last_answered_ms = 30

predict("02.q1", last_answered_ms)

# %% [markdown]
# ## Run
#
# `timeline` connects three clients, lets all of them ask at once, and writes down what each handler does, from the
# moment it has the thread to the moment it lets go of it. Nothing is simulated: every bar in the picture has happened.

# %%
on_loop = timeline(loop, "/users/1", clients=3)
on_loop

# %%
reveal("02.q1", on_loop.lasted_ms)

# %% [markdown]
# Read the picture from left to right. A row is a request. A **high** bar means that its handler has the thread: it
# runs. The **low** band means that it waits, and that the thread is free for others. The last row is the thread
# itself.
#
# So the handler is run in two pieces: one before the `await`, one after it. At the `await` it says "wake me in 10 ms",
# and the loop runs whoever is next. Three waits lie above each other and pass at the same time. (A small hatched box,
# if you see one: for that moment two wanted the thread at once. More of it below.)

# %%
shows("02.c1", on_loop.most_at_once("waits"))
shows("02.c2", len(on_loop.threads))

# %% [markdown]
# ## Predict: how much of it is work?
#
# Look at how thin the high bars are. Of all the time that the three handlers took, running and waiting together, how
# many **percent** did they run?

# %%
percent_of_running = 50

predict("02.q2", percent_of_running)

# %%
runs_ms, waits_ms = on_loop.total_ms("runs"), on_loop.total_ms("waits")
reveal("02.q2", 100 * runs_ms / (runs_ms + waits_ms))

# %% [markdown]
# That is the whole secret. A handler that waits needs nothing but an entry in a list: whom to wake, and when. While it
# waits there is nothing to do, so one thread has time for very many of them.
#
# ## Predict: three at once, a thread each
#
# The same three clients now ask the other server. How many threads will the handlers run in?

# %%
threads_for_three = 1

predict("02.q3", threads_for_three)

# %%
on_threads = timeline(threads, "/users/1", clients=3)
on_threads

# %%
reveal("02.q3", len(on_threads.threads))

# %% [markdown]
# ## Investigate: what differs, and what does not
#
# Compare the two pictures. The rows of the requests look alike: the clients cannot tell the servers apart. The rows of
# the **threads** do not: here each request has a thread of its own, and the thread waits as well. It stands still, and
# can do nothing else until the 10 ms are over.

# %%
for seen in (on_loop, on_threads):
    print(
        f"{seen.engine:>8}: {seen.lasted_ms:5.1f} ms, {len(seen.threads)} thread(s) for 3 requests"
    )

shows("02.c3", on_threads.most_at_once("waits"))

# %% [markdown]
# **Checkpoint.** While a request waits on the *thread* server, what is its thread doing? Put one of `"it serves
# others"`, `"it stands still"`, `"it is gone"`.

# %%
thread_that_waits = ...

check("02.k1", thread_that_waits)

# %% [markdown]
# ## Predict: too few threads
#
# Threads are not free, so people limit them. A *pool* of two threads serves six clients, which all ask at once. Each
# request waits 10 ms. When is the last one answered?

# %%
last_of_six_ms = 10

predict("02.q4", last_of_six_ms)

# %%
two = ThreadServer(app, max_threads=2, name="pool of two").start()
on_pool = timeline(two, "/users/1", clients=6)
on_pool

# %%
reveal("02.q4", on_pool.lasted_ms)

# %% [markdown]
# Now there is a third kind of bar, the hatched one: **blocked**. The request could be served, and nobody serves it,
# because both threads belong to others, *which do nothing but wait*. Nobody computes anything, and still there is a
# queue.

# %%
shows("02.c4", on_pool.total_ms("blocked") / 10)

# %% [markdown]
# **Checkpoint.** All six clients of the pool were connected, and all six had sent their request, before the first
# answer came. How many requests were being served at the same moment, at most?

# %%
served_at_once = ...

check("02.k2", served_at_once)

# %% [markdown]
# ## Predict: a crowd
#
# Three clients are a picture, a crowd is a measurement. All three servers get the same load: `CLIENTS` clients, each
# of which asks, waits for its answer and asks again. The pool gets four threads this time.
#
# Before you run it: four threads, 10 ms each. How many requests **a second** can the pool answer?

# %%
pool_rps = 100

predict("02.q5", pool_rps)

# %%
pool = ThreadServer(app, max_threads=4, name="pool").start()
report = race(
    {"loop": loop, "threads": threads, "pool": pool},
    path="/users/1",
    connections=CLIENTS,
    duration=SECONDS,
    rounds=2,
)
report

# %%
reveal("02.q5", report["pool"].throughput_rps)

# %% [markdown]
# The pool's ceiling can be computed on paper: a thread that waits 10 ms for each request answers at most 100 a second,
# and four answer at most 400. No faster processor and no faster Python will change that. The loop has no such ceiling:
# its waits are entries in a list.

# %%
shows("02.c5", report["pool"].throughput_rps / 400)
shows("02.c6", report["loop"].throughput_rps / report["pool"].throughput_rps)
shows("02.c7", report["threads"].threads_peak / CLIENTS)

for name, server in report.items():
    p50_ms = 1000 * server.latency_s["p50"]
    print(
        f"{name:>8}: {server.throughput_rps:6,.0f}/s, {server.threads_peak:4} threads, half within {p50_ms:.0f} ms"
    )

# %% [markdown]
# **Checkpoint.** A pool of four answers 400 requests a second. A client that comes when nobody else is there asks
# once. After how many milliseconds is it answered, at the soonest?

# %%
answered_after_ms = ...

check("02.k3", answered_after_ms)

# %% [markdown]
# > **What could mislead you here.** For a timeline the clients, the server and this notebook share one process, and
# > one lock of Python: what is drawn as "under way" contains their work too. The race uses processes of its own.
# > Only, its load needs a processor as well, and on a small machine that is a part of what limits it: read its last
# > line. And `ctx.sleep` is kinder than a database, which gets slower itself when two hundred ask at once (notebooks
# > 06 and 08).

# %% [markdown]
# ## Modify: two waits in a row
#
# A handler that has two things to wait for. How long does **one** request take? Say it before you run the cell.

# %%
two_waits_ms = ...

check("02.k4", two_waits_ms)


# %%
@app.get("/page")
async def page(ctx):
    await ctx.sleep(0.010)  # the user
    await ctx.sleep(0.010)  # the orders of the user
    return "page"


timeline(loop, "/page", clients=2)

# %% [markdown]
# `await` means: I go on when this is there. Two clients overlap; the two lines of one client do not. Now replace the
# two lines by `await asyncio.gather(ctx.sleep(0.010), ctx.sleep(0.010))` (and `import asyncio`). What does the picture
# look like then? What does `timeline(threads, "/page")` say, and why can a thread not do that?

# %% [markdown]
# ## Modify: the size of the pool
#
# Somewhere between 4 threads and one for each client the pool is as good as it can be. Find out where: change the
# numbers. Do twice as many threads always answer twice as many requests?

# %%
# for size in (4, 16, 64):
#     sized = ThreadServer(app, max_threads=size)
#     found = race({"sized": sized}, path="/users/1", connections=CLIENTS, duration=2, rounds=1)
#     print(size, "threads:", round(found["sized"].throughput_rps), "requests/s")

# %% [markdown]
# ## Modify: a wait that is longer
#
# Let `user` wait for 100 ms instead of 10, run its cell again, and race again. What happens to the ceiling of the
# pool? To the loop? Compute first, then measure.

# %%
# race({"loop": loop, "pool": pool}, path="/users/1", connections=CLIENTS, duration=SECONDS, rounds=2)

# %% [markdown]
# ## Make: a page of three parts
#
# Write a handler `/shop` that needs three things, which take 10, 20 and 30 ms: a user, a basket and an advertisement.
# Make it as fast as it can be on the loop, without leaving anything out, and prove it by a timeline. What is the
# shortest time possible, and which of the three decides it?

# %%
# your handler, and: timeline(loop, "/shop")

# %% [markdown]
# ## Key points
#
# - To wait is not to work. One thread can have any number of waits under way.
# - A thread server waits with its threads: as many waits at once as threads. An event loop waits with a list.
# - A pool of *n* threads whose handlers wait *t* seconds answers at most *n / t* requests a second, however fast the
#   machine is.
# - Connected is not served: a request may stand in a queue while every thread stands still.
# - How many are answered in a second, and how long one takes, are two different questions.
#
# **Exercises that belong to it:** `03_blocking_server`, `04_threaded_server`, `05_async_twin`, `07_fan_out`.
#
# Stop what you started. Nothing is left afterwards: no thread, no socket, no process.

# %%
for server in (loop, threads, two, pool):
    server.stop()
display(loop, threads, two, pool)
