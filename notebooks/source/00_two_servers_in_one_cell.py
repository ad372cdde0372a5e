# %% [markdown]
# # 00 · Two servers in one cell
#
# **Questions.** What does a web server do while a request waits? What does it cost to have many clients wait at once?
#
# **You will be able to** start and stop two servers from one cell, call them, change a handler while they run, and tell
# from a measurement which of them serves a waiting crowd better.
#
# **Time:** 30 minutes. **Before this:** Python functions; nothing about networks.

# %%
import os

from asyncweb import App, AsyncServer, ThreadServer, race
from asyncweb.lab.direct import urlopen
from asyncweb.lab.lesson import check, predict, reveal, shows

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
CLIENTS = 20 if QUICK else 200
SECONDS = 1 if QUICK else 6

# %% [markdown]
# ## One app
#
# An `App` says what is answered. It does not say how requests are waited for: that is the server's part.
# A handler is a function of `ctx`, the request in its context. `ctx.sleep` stands for anything that takes time
# without using the processor: a database, a file, another server.

# %%
app = App()


# %%
@app.get("/")
def home(ctx):
    return "Hello World"


@app.get("/users/{id:int}")
async def user(ctx):
    await ctx.sleep(0.010)  # ten milliseconds of waiting
    return {"id": ctx.params["id"], "name": "User"}


# %% [markdown]
# ## Predict, then run: two servers
#
# The next cell starts **two** servers for the same app. One gives every client a *thread*: a line of work inside the
# program, which the operating system runs beside the others. The other has one thread for all of them, which goes round
# and looks who has something to do: an *event loop*.
#
# Before you run it: will the cell ever finish? A server runs until it is stopped, and a cell runs until its last line.

# %%
fast = AsyncServer(app).start()
slow = ThreadServer(app).start()
display(fast, slow)

# %% [markdown]
# It did finish: `start()` returns as soon as the server listens, and the server goes on in a thread of its own.
# Click a link, or call both from here. Run the cell above again, too: the old servers give their place to new ones, at
# the same addresses.

# %%
for server in (fast, slow):
    with urlopen(server.url + "/users/7") as answer:
        print(server.name, "answers", answer.read().decode())

# %% [markdown]
# ## Predict: a crowd
#
# Called by one client, they do not seem to differ. Now a crowd comes. Every client asks for `/users/1`, waits for the
# answer, and asks again. Each request waits 10 ms.
#
# How many times as many requests will the event loop answer? 1 means "as many". And how many threads will the thread
# server need? Put **your** numbers in place of the ones that stand there.

# %%
more_requests = 1
threads_needed = 1

display(predict("00.q1", more_requests), predict("00.q2", threads_needed))

# %% [markdown]
# ## Run
#
# `race` starts a copy of each server in a process of its own, so that neither this notebook nor the other server is in
# its way, and sends the same real load to one after the other, in turns. Watch where the two columns part.

# %%
servers = {"async": fast, "threads": slow}
report = race(servers, path="/users/1", connections=CLIENTS, duration=SECONDS)
report

# %%
more = report["async"].throughput_rps / report["threads"].throughput_rps
display(reveal("00.q1", more), reveal("00.q2", report["threads"].threads_peak))

# %% [markdown]
# ## Investigate: how near to the ceiling?
#
# Nobody can answer faster than in 10 ms, so there is a ceiling for a client that asks again and again.
#
# **Checkpoint.** How many answers a second can one client get at most? Put your answer in the place of the three dots.
# The cell says nothing when you are right.

# %%
answers_each_second = ...

check("00.k2", answers_each_second)

# %% [markdown]
# With a crowd the ceiling is as many times higher as there are clients. How near does each server come to it? And what
# does it spend: which share of a processor is busy, and for how long with one answer?

# %%
ceiling_rps = CLIENTS / 0.010
cost_us = {}

for name, server in report.items():
    share = server.throughput_rps / ceiling_rps
    cost_us[name] = server.cpu_percent / 100 / server.throughput_rps * 1e6
    print(f"{name:>8}: {share:4.0%} of the ceiling, {server.threads_peak} threads,", end=" ")
    print(f"{server.cpu_percent:.0f} % of a processor, {cost_us[name]:.0f} µs for an answer")

# %% [markdown]
# Both wait for the same 10 ms. What differs is *how* they wait: one puts a thread to sleep for each request and
# has the operating system wake it; the other keeps a list of what it waits for and moves on. These are our claims, held
# against what was measured here, on your machine:

# %%
shows("00.c1", report["threads"].threads_peak / CLIENTS)
shows("00.c2", report["async"].threads_peak)
shows("00.c3", cost_us["threads"] / cost_us["async"])

# %% [markdown]
# **Checkpoint.** Which server needs a thread for every client?

# %%
needs_a_thread_for_each = ...

check("00.k1", needs_a_thread_for_each)

# %% [markdown]
# **Checkpoint.** And how long does a client of the event loop wait for its answer, at least, with the whole crowd
# around it? In milliseconds.

# %%
waits_at_least_ms = ...

check("00.k3", waits_at_least_ms)

# %% [markdown]
# ## Predict, then run: one client alone
#
# Was it the crowd, or is one of the servers simply better? Send the crowd home and let a single client ask.

# %%
more_requests_alone = 3

predict("00.q3", more_requests_alone)

# %%
alone = race(servers, path="/users/1", connections=1, duration=SECONDS / 2)
alone

# %%
more_alone = alone["async"].throughput_rps / alone["threads"].throughput_rps
shows("00.c4", more_alone)
reveal("00.q3", more_alone)

# %% [markdown]
# > **What could mislead you here.** The server and what asks it share your machine: when both want the same processor,
# > each looks slower than it is. The last line of the report says what limited the run. And one run is one run: measure
# > again, and see how much a figure moves by itself, before you believe in a small difference.

# %% [markdown]
# ## Modify: another handler, same servers
#
# The two servers of this notebook still run. Define the handler again, under the same name: the next request gets the
# new one, and no server has to be started again. Change what it says, and run the cell once more.


# %%
@app.get("/")
def home(ctx):
    return f"Hello {ctx.query.get('name', 'World')}, this is {ctx.path}"


for server in (fast, slow):
    with urlopen(server.url + "/?name=class") as answer:
        print(server.name, "answers", answer.read().decode())

# %% [markdown]
# ## Modify: a longer wait
#
# A handler that waits ten times as long: does the event loop win by more, or by less? Think of the ceiling first,
# then change `0.010` in the cell of `user` to `0.100`, run that cell, and race again in the cell below.

# %%
# race(servers, path="/users/1", connections=CLIENTS, duration=SECONDS)

# %% [markdown]
# ## Modify: the crowd
#
# Somewhere between one client and the crowd the two servers part. Where? Try a few numbers of connections.

# %%
# for clients in (1, 10, 50):
#     print(clients, race(servers, path="/users/1", connections=clients, duration=2).verdict)

# %% [markdown]
# ## Make: a handler of your own
#
# Write a handler of your own below: `/wait/{ms:int}`, which waits so many milliseconds and says how long that was. Call
# it on both servers. Then let it wait with `time.sleep` instead of `await ctx.sleep`, and race once more: which of the
# two servers minds, and why? (Notebook 03 is about that.)

# %%
# your handler

# %% [markdown]
# ## Key points
#
# - An app says *what* is answered; a server decides *how* it waits.
# - While a handler waits, a thread server has a thread standing still for it; an event loop serves the others
#   meanwhile.
# - For one client the two are alike. The difference appears with the crowd, and it is a matter of threads, memory and
#   processor time, not of the 10 ms.
# - A number counts with what limited it: the last line of the report tells.
#
# **Exercises that belong to it:** `06_find_the_blocker`, for who has made the handler above; the others begin with
# the next notebook.
#
# Stop what you started. Nothing is left afterwards: no thread, no socket, no process.

# %%
fast.stop()
slow.stop()
display(fast, slow)
