# %% [markdown]
# # 03 · Don't block the loop
#
# **Questions.** What happens to everybody else when one handler does not let go of the loop? How do you find the line
# that does it, and what do you write instead?
#
# **You will be able to** tell a wait that gives way from one that does not, find the guilty line with a timeline and
# with the dashboard, read the lag of a loop, and choose between waiting, offloading and another process.
#
# **Time:** 50 minutes. **Before this:** notebook 02.

# %%
import asyncio
import os
import time

from asyncweb import App, AsyncServer, Dashboard, ThreadServer
from asyncweb.lab.counting import count_primes, number_that_takes
from asyncweb.lab.direct import urlopen
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.timeline import timeline
from asyncweb.metrics.recorder import Recorder

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
REPORTS = 2 if QUICK else 10

# %% [markdown]
# ## A handler like many others
#
# `user` waits as it should. `report` makes a report: it calls a library that takes 200 ms and knows nothing of event
# loops. `time.sleep` stands for that library: `requests.get`, a driver for a database, a large file. Both handlers are
# `async def`.

# %%
app = App()


# %%
@app.get("/users/{id:int}")
async def user(ctx):
    await ctx.sleep(0.010)
    return {"id": ctx.params["id"], "name": "User"}


@app.get("/report")
async def report(ctx):
    time.sleep(0.200)
    return "the report"


# %%
loop = AsyncServer(app, name="loop", observer=Recorder()).start()
threads = ThreadServer(app, name="threads").start()
display(loop, threads)

# %% [markdown]
# ## Predict: one report, three users
#
# A first client asks for the report. Five milliseconds later a second one asks for a user, then a third, then a
# fourth. A user takes 10 ms, as you know. After how many milliseconds does the **second** client have its answer, from
# the loop?

# %%
user_answered_ms = 15

predict("03.q1", user_answered_ms)

# %%
questions = ["/report", "/users/1", "/users/2", "/users/3"]
blocked = timeline(loop, *questions, apart_ms=5)
blocked

# %%
reveal("03.q1", blocked.visits[1].took_ms)

# %% [markdown]
# The hatched bars are people who wait for nothing at all: their request is there, it needs a fraction of a millisecond
# of the thread, and the thread is not to be had. It is not even busy! The bar of the report is *empty*: the thread of
# the loop stands still, inside `time.sleep`, and holds everybody up. The line below the picture names who did it.
#
# `async def` has not helped. It says that a function *may* give way, at an `await`. Here is none.
#
# ## Run: the same on threads
#
# The same four questions, to the other server. Which row will be different?

# %%
spared = timeline(threads, *questions, apart_ms=5)
spared

# %%
shows("03.c1", blocked.visits[1].took_ms / spared.visits[1].took_ms)
shows("03.c2", spared.total_ms("blocked"))

# %% [markdown]
# On threads a handler that blocks holds up its own thread, and that is its own business. That is the one thing that
# threads do better, and the reason why they are still there: they forgive.
#
# ## Predict: an `await` that waits for nothing
#
# The report is now made in five steps of 40 ms, and there is an `await` before each. Will the users be served between
# the steps? Put `"yes"` or `"no"`.

# %%
served_between = "yes"

predict("03.q2", served_between)


# %%
async def make_step():
    time.sleep(0.040)


@app.get("/steps")
async def steps(ctx):
    for _ in range(5):
        await make_step()
    return "five steps"


in_steps = timeline(loop, "/steps", "/users/1", "/users/2", apart_ms=5)
in_steps

# %%
came_first = in_steps.visits[1].answered_ms < in_steps.visits[0].answered_ms
reveal("03.q2", "yes" if came_first else "no")

# %% [markdown]
# One bar, without a gap. `await make_step()` means "run it, and go on when it is done". The loop gets the thread only
# when something at the very end of all those awaits says "not yet, wake me later": `ctx.sleep`, a socket, a lock. A
# coroutine that never waits is an ordinary function in a longer coat.
#
# **Checkpoint.** What makes a handler let the others run? Put one of `"async def"`, `"await"`, `"a wait that gives
# way"`.

# %%
what_lets_others_run = ...

check("03.k1", what_lets_others_run)

# %% [markdown]
# ## Predict: will a timeout help?
#
# Somebody has heard that slow calls need a timeout, and writes one around the library: 50 ms. After how many
# milliseconds is the client answered, with whatever it may be?

# %%
answered_after_ms = 50

predict("03.q3", answered_after_ms)


# %%
@app.get("/careful")
async def careful(ctx):
    try:
        async with asyncio.timeout(0.050):
            time.sleep(0.200)
    except TimeoutError:
        return "too slow", 504
    return "the report, and no timeout at all"


with_timeout = timeline(loop, "/careful", "/users/1", apart_ms=5)
with_timeout

# %%
reveal("03.q3", with_timeout.visits[0].took_ms)

# %% [markdown]
# Who should have rung the bell after 50 ms? The loop; and the loop was held by the very line that it should have
# ended. Of a timeout nothing is left but a comment with good intentions.
#
# ## Find the guilty line
#
# In a picture of four requests the culprit is plain. In production you have a server that is slow "sometimes". Two
# things help.
#
# The first is the **lag of the loop**: twenty times a second the server sets itself an alarm, and notes how late it
# came to it. On a free loop that is a millisecond. The second is a watchman in a thread of its own: when an alarm is
# very late, it looks *where the loop's thread is at this moment*.
#
# A new report, of the whole year, takes 300 ms:


# %%
@app.get("/yearly")
async def yearly(ctx):
    time.sleep(0.300)
    return "a longer report"


# %% [markdown]
# ## Predict: which line will the watchman name?
#
# Put `"async def yearly(ctx):"`, `"time.sleep(0.300)"` or `"return"`. Then run the cell below, and watch "loop lag"
# and the line below the title.

# %%
guilty_line = "async def yearly(ctx):"

predict("03.q4", guilty_line)

# %%
with Dashboard(loop, title="who holds the loop?", show=["requests", "latency", "loop"]):
    for _ in range(REPORTS):
        for path in ("/users/1", "/yearly"):
            urlopen(loop.url + path).close()

# %%
stats = loop.stats()
block = stats["blocks"][-1]
held_ms = 1000 * block["seconds"]
print(
    f"{block['function']} held the loop for {held_ms:.0f} ms, in line {block['line']}: {block['code']}"
)
reveal("03.q4", block["code"])

# %%
shows("03.c3", 1000 * stats["loop_lag_s"]["max"])

# %% [markdown]
# **Checkpoint.** The lag of a loop says 250 ms. Who is it that waits for so long? Put `"the handler that blocks"`,
# `"everybody on this server"` or `"the next client only"`.

# %%
who_waits = ...

check("03.k2", who_waits)

# %% [markdown]
# ## Predict: the cure
#
# `await ctx.offload(function, ...)` calls the function in another thread and waits for it, with a wait that gives way.
# One line changes. The same four clients, the same library, 200 ms: after how many milliseconds does the second client
# have its answer now?

# %%
user_with_offload_ms = 200

predict("03.q5", user_with_offload_ms)


# %%
@app.get("/report")
async def report(ctx):
    await ctx.offload(time.sleep, 0.200)
    return "the report"


cured = timeline(loop, *questions, apart_ms=5)
cured

# %%
shows("03.c4", blocked.visits[1].took_ms / cured.visits[1].took_ms)
reveal("03.q5", cured.visits[1].took_ms)

# %% [markdown]
# There is a new row, the thread that was lent for the call. The report takes as long as before. It is nobody else's
# trouble.
#
# ## What if it really computes?
#
# A library that waits is one thing. Now the handler *works*: it counts the prime numbers up to some number. The next
# cell looks for a number that takes this machine about a fifth of a second.

# %%
PRIMES = number_that_takes(0.200)


@app.get("/primes")
async def primes(ctx):
    return str(count_primes(PRIMES))


@app.get("/primes/offloaded")
async def primes_offloaded(ctx):
    return str(await ctx.offload(count_primes, PRIMES))


print(f"prime numbers up to {PRIMES:,}: {count_primes(PRIMES):,}")

# %% [markdown]
# ## Predict: two that compute
#
# Two clients ask for `/primes` at the same moment. How many **times** as long as a single one do both together take,
# on the *thread* server? You have two processors or more, and each request has a thread: 1 means "they work side by
# side".

# %%
times_as_long = 1

predict("03.q6", times_as_long)

# %%
one = min((timeline(threads, "/primes") for _ in range(3)), key=lambda seen: seen.lasted_ms)
two = timeline(threads, "/primes", clients=2)
two

# %%
reveal("03.q6", two.lasted_ms / one.lasted_ms)

# %% [markdown]
# Look at how the bars are filled. A bar says that the handler *has its thread*; how much of it is filled says for how
# much of that time the thread had a **processor**. Add up what is filled in both: it makes one processor at most. They
# take turns. Python has one lock, and only the thread that holds it computes. It is passed on every five milliseconds.
#
# So threads do not make Python compute faster. They make it *fair*: everybody gets on, slowly. What does offloading
# do, then?

# %%
unfair = timeline(loop, "/primes", "/users/1", apart_ms=3)
unfair

# %%
fair = timeline(loop, "/primes/offloaded", "/users/1", apart_ms=3)
fair

# %%
worked_ms = {}
for name, seen in (("two threads", two), ("on the loop", unfair), ("offloaded", fair)):
    worked_ms[name] = sum(run.cpu_ms for run in seen.events if run.what == "runs")

shows("03.c5", worked_ms["two threads"] / two.lasted_ms)
shows("03.c6", worked_ms["offloaded"] / worked_ms["on the loop"])
shows("03.c7", fair.visits[0].took_ms / fair.visits[1].took_ms)

for name, seen in (("on the loop", unfair), ("offloaded", fair)):
    primes_ms, user_ms = (visit.took_ms for visit in seen.visits)
    print(f"{name:>12}: the primes after {primes_ms:4.0f} ms, the user after {user_ms:4.0f} ms")

# %% [markdown]
# The work as a whole is not done sooner. But the user does not have to wait until it is done, only, a few times, for
# the loop's turn at the lock: that is why it still takes longer than 10 ms. To be *faster* there must be more locks,
# so more processes: notebook 12.
#
# **Checkpoint.** A handler computes for a second, in Python. What answers 100 such requests soonest, on a machine of
# four processors? Put `"async def"`, `"threads"`, `"offload"` or `"processes"`.

# %%
computes_fastest = ...

check("03.k3", computes_fastest)

# %% [markdown]
# > **What could mislead you here.** How much of a run had a processor is told by the thread's own clock, as a share;
# > where in the bar it computed is not known. Another program on your machine empties a bar as well as Python's lock
# > does. And one timeline is one run: a wait of 10 ms may well be 14 when the machine is busy. Believe in
# > differences that you see three times.

# %% [markdown]
# ## Modify: wait as the server waits
#
# Change `report` once more: no `time.sleep`, no `offload`, but `await ctx.sleep(0.200)`. Where in the picture is the
# report now, and in which thread? When can you write it so, and when not?

# %%
# @app.get("/report")
# ...
# timeline(loop, *questions, apart_ms=5)

# %% [markdown]
# ## Modify: more than there are threads
#
# The server lends 32 threads for `offload`. Ask for 40 reports at once, with the report that offloads. What happens to
# the last eight? And what happens to a user who asks meanwhile?

# %%
# timeline(loop, *["/report"] * 40, "/users/1")

# %% [markdown]
# ## Modify: a plain `def`
#
# Write `/plain` as a `def` without `async`, with `time.sleep(0.100)` in it. Some frameworks run such a function in a
# thread of their own accord. Does this one? Let a timeline tell you, on both servers.

# %%
# your handler, and: timeline(loop, "/plain", "/users/1", apart_ms=5)

# %% [markdown]
# ## Make: compute, and let the others live
#
# Write `/polite`, which computes in the loop's own thread, without `offload`, and still never holds it for longer than
# 15 ms: it works in small pieces, such as `count_primes(200, first=101)`, and gives way between them with `await
# ctx.sleep(0)`. `longest_run_ms` tells how well you did. How much longer does the whole take than `/primes`?


# %%
@app.get("/polite")
async def polite(ctx):
    return str(count_primes(PRIMES))  # all at once, so far


polite_seen = timeline(loop, "/polite", "/users/1", apart_ms=3)
longest_run_ms = max(event.lasts_ms for event in polite_seen.events if event.what == "runs")
print(f"the loop was held for {longest_run_ms:.0f} ms at most")
polite_seen

# %% [markdown]
# ## Key points
#
# - On an event loop, whoever does not give way holds up everybody: those who ask, those who wait, the timeouts.
# - `async def` gives nobody way, and neither does `await` by itself. Only a wait that is the loop's own does.
# - The lag of the loop tells that somebody blocks; the dashboard, and `server.stats()["blocks"]`, tell which line.
# - What waits and cannot be changed is offloaded. What computes is offloaded to be fair, and given to processes to be
#   fast.
# - Threads forgive a handler that blocks. That is worth something too.
#
# **Exercises that belong to it:** `06_find_the_blocker`, `08_timeouts`.
#
# Stop what you started. Nothing is left afterwards: no thread, no socket, no process.

# %%
loop.stop()
threads.stop()
display(loop, threads)
