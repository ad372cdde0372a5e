# %% [markdown]
# # 12 · Many cores, many machines
#
# **Questions.** Why does a computing handler get no faster on a machine with more cores? What
# does a second process give, and what does it cost? When does async stop helping?
#
# **You will be able to** tell work that waits from work that computes, serve one app from several
# processes, ours or those of uvicorn and granian, say what these processes share and what they do
# not, and read from a picture where more of them stop helping.
#
# **Time:** 60 minutes. **Before this:** notebooks 02, 03 and 05.

# %%
import inspect
import json
import os
import socket
import sys
from contextlib import ExitStack
from functools import partial
from textwrap import fill

import psutil
from asyncweb import App, AsyncServer, ThreadServer, load, race
from asyncweb.dashboard.screen import NoScreen
from asyncweb.drawing.units import rate, seconds
from asyncweb.lab.cores.app import app, primes
from asyncweb.lab.cores.hosts import HOSTS, Host, missing
from asyncweb.lab.cores.machine import can_show, cores, worker_counts
from asyncweb.lab.cores.several import several
from asyncweb.lab.cores.shared_port import deal
from asyncweb.lab.cost import Serving, costs
from asyncweb.lab.curve import curve
from asyncweb.lab.direct import urlopen
from asyncweb.lab.lesson import check, predict, reveal, shows

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
SECONDS = 0.4 if QUICK else 2
CORES = cores()
COUNTS = [1, 2] if QUICK else worker_counts(CORES)
ROUNDS = 1 if QUICK else 4
quietly = partial(load, screen=NoScreen())  # a load without its live view

# %% [markdown]
# ## Your machine first
#
# This notebook is about cores, so it matters how many you have. The next cell says what can be
# seen on this machine and what cannot. Keep it in mind: where a picture below has no more to
# show, that is the machine's end and not the idea's.

# %%
print(can_show(CORES))

# %% [markdown]
# ## An app that computes
#
# So far our handlers have waited: for a clock, a file, a database. The handler `/primes/500`
# waits for nothing. It counts primes, in plain Python, and that keeps a core busy.

# %%
print(inspect.getsource(primes))
print("primes below 500:", primes(500))

# %% [markdown]
# ## Predict: threads against the loop
#
# Eight clients ask for `/primes/500`. The event-loop server has one thread for all of them. The
# thread server has one for each, and your computer may have cores to run them on.
#
# How many times as many requests does the **thread** server answer? 1 means "as many".

# %%
predict("12.q1", 4)

# %% [markdown]
# ## Run

# %%
servers = {"async": AsyncServer(app), "threads": ThreadServer(app)}
threaded = race(servers, path="/primes/500", connections=8, duration=2 * SECONDS, rounds=ROUNDS)

# %%
threads_gain = threaded["threads"].throughput_rps / threaded["async"].throughput_rps
shows("12.c1", threaded["threads"].cpu_percent / 100)
reveal("12.q1", threads_gain)

# %% [markdown]
# Eight threads, and all of them together have kept no more than one core busy. Python runs **one
# thread at a time**: whoever runs Python code holds a lock, the *global interpreter lock* or GIL.
# A thread lets go of it while it waits (for a socket, a file, `time.sleep`), which is why threads
# were good at waiting. A thread that computes keeps it, and is made to hand it on every 5 ms, so
# that the eight share one core's worth of time:
#
# ```
#           waiting                              computing
# thread 1  ▪········▪                thread 1   ▪▪▪▪      ▪▪▪▪
# thread 2   ▪········▪               thread 2       ▪▪▪         ▪
# thread 3    ▪········▪              thread 3          ▪▪▪       ▪▪▪
#           all wait at once                     never two at once
# ```
#
# The event loop is no better: it has one thread to begin with. (There are builds of Python
# without this lock. On one of them, expect another answer.)
#
# **Checkpoint.** A handler computes for 5 ms in Python. A thread server has 8 threads on a
# machine with 8 cores. How many times as many requests a second as with one thread? The cell says
# nothing when you are right.

# %%
check("12.k1", ...)

# %% [markdown]
# ## Predict: a thousand turns
#
# Five milliseconds are Python's own number, the *switch interval*. Whoever waits for the lock wakes
# up that often, to see whether it is time to ask for it. With eight threads nobody notices. Now
# 1,000 clients ask a thread server at once, so a thousand threads wait, wake up and go on waiting.
#
# The next cell makes the same server twice, with turns of 5 ms and of 100 ms. How many times as
# many requests does the second one answer?

# %%
predict("12.q7", 1)

# %% [markdown]
# ## Run
#
# A race starts a twin of each server in a process of its own, and the interval is one process's.
# So a startup hook sets it there, and not in this notebook.


# %%
def taking_turns_of(turn_s):
    crowded = App()

    @crowded.get("/")
    def hello(ctx):
        return "Hello"

    @crowded.on_startup
    def set_turns():
        sys.setswitchinterval(turn_s)

    return ThreadServer(crowded)


turns = {"5 ms": taking_turns_of(0.005), "100 ms": taking_turns_of(0.1)}
crowd = race(turns, connections=1000, duration=max(4 * SECONDS, 8), rounds=ROUNDS)

# %%
turns_gain = crowd["100 ms"].throughput_rps / crowd["5 ms"].throughput_rps
shows("12.c5", turns_gain)
reveal("12.q7", turns_gain)

# %% [markdown]
# So much of what looks like the price of a thousand threads was the price of asking for turns. It is
# paid only by threads that all want to compute; a thousand that wait for a database pay nothing.
# Why, then, is 5 ms the number, and not 100?
#
# **Checkpoint.** One handler computes for a second, on a thread server with turns of 100 ms. A
# "Hello" comes in meanwhile. How many seconds does it wait for its first turn?

# %%
check("12.k4", ...)

# %% [markdown]
# ## Predict: two processes
#
# The lock belongs to one Python process. A second process has its own. `start(workers=2)` serves
# the same app, at the same address, from two of them:
#
# ```
#                        ┌── worker 1: own Python, own GIL, own memory
# clients ──▶ one port ──┤
#                        └── worker 2: own Python, own GIL, own memory
# ```
#
# How many times as many `/primes/500` do two workers answer as one? Look again at what your
# machine can show before you put your number.

# %%
predict("12.q2", 2)

# %% [markdown]
# ## Run: more and more workers
#
# For each number of workers a server is started, loaded and stopped, in turns. Every request
# comes on a connection of its own, so that whoever is free can take it. The dashed line is the
# dream: twice the workers, twice the answers.

# %%
server = AsyncServer(app)
asking = {"path": "/primes/500", "connections": 8, "duration": SECONDS, "keep_alive": False}
scaling = curve(
    "workers", COUNTS, lambda number: several(server, number), asking,
    bend=(CORES, "no core is left"), rounds=2,
)  # fmt: skip
scaling

# %%
shows("12.c2", scaling.gain(2))
reveal("12.q2", scaling.gain(2))

# %% [markdown]
# ## Investigate
#
# Where does the measured line leave the dream, and why there? Three things bend it: the cores
# end; the load needs one of them, too; and whatever all workers must share (memory, a lock in a
# database) makes them wait for each other.
#
# That last part has a law, Amdahl's: if a tenth of the work cannot be done side by side, a
# thousand workers are not even ten times as fast.

# %%
for number in scaling:
    share = scaling.gain(number) / number
    print(f"{number} workers: {scaling.gain(number):4.1f} times one, {share:4.0%} of the dream")

# %% [markdown]
# ## Who gets which client?
#
# Two programs cannot listen on one port, you have learned. There are two ways around that:
#
# - **One socket, many processes.** One process opens it and the others inherit it; whoever is
#   free accepts. So do our workers, and uvicorn's.
# - **One port, many sockets.** Each process opens its own with the option `SO_REUSEPORT`, and the
#   kernel deals out the clients: a hash of the client's address says to whom.
#
# ## Predict: a hundred clients
#
# Two sockets share a port with `SO_REUSEPORT`, and a hundred clients connect. How many does the
# first socket get?

# %%
predict("12.q3", 50)

# %%
if hasattr(socket, "SO_REUSEPORT"):
    dealt = deal(clients=100)
    print("clients of each socket:", dealt)
    display(reveal("12.q3", dealt[0]))
else:
    print("Not shown here: this system cannot share a port.")

# %% [markdown]
# Nobody has asked who is busy. With a hash, a worker that computes gets as many new clients as
# one that is idle, and whoever queues at a worker that dies is lost with it. With one socket,
# those who are busy simply do not accept.
#
# ## What workers do not share
#
# The app has a counter, in a variable, as one would write it in any program:
#
# ```python
# _hits = itertools.count(1)
#
# @app.get("/hits")
# def hits(ctx):
#     return {"process": os.getpid(), "hits": next(_hits)}
# ```
#
# ## Predict: who counts?
#
# Two workers serve it, and 400 requests are made. Then you ask `/hits` forty times more. What do
# the answers say? Put `"401 to 440"` or `"it depends on who answers"`.

# %%
predict("12.q4", "401 to 440")

# %%
with several(server, workers=2) as two:
    quietly(two, path="/hits", connections=8, requests=400, keep_alive=False)
    answers = []
    for _ in range(40):
        with urlopen(two.url + "/hits") as answer:
            answers.append(json.load(answer))
    memory = {pid: psutil.Process(pid).memory_info().rss for pid in two.stats()["each"]}

# %%
for answer in answers[:5]:
    print(answer)
is_whole = [answer["hits"] for answer in answers] == list(range(401, 441))
reveal("12.q4", "401 to 440" if is_whole else "it depends on who answers")

# %% [markdown]
# Each process has a counter of its own, and neither knows of the other. The same happens to a
# cache, to a rate limit, to the list of a chat room's members. With one process you can keep
# things in variables; with two you need a place that all of them ask: a database, a file, Redis.
# **That** is the price of the second process. The other one is memory, for each has a copy of
# all:

# %%
for pid, rss_bytes in memory.items():
    print(f"process {pid} has {rss_bytes / 2**20:.0f} MiB in memory")

# %% [markdown]
# **Checkpoint.** A login is kept in a dict of the process that handled it. Four workers serve the
# app, and each request goes to any of them. In what share of the requests is the user still
# logged in?

# %%
check("12.k2", ...)

# %% [markdown]
# ## The same app on other servers
#
# An `App` is an ASGI application as well (ASGI is the agreement by which a Python server calls an
# app, whoever has written the two), so other servers can run it. Two that are used a lot:
# **uvicorn**, written in Python on the same loop and parser as ours, and **granian**, whose
# server part is written in Rust. Both have workers:
#
#     uvicorn asyncweb.lab.cores.app:app --workers 2
#     granian asyncweb.lab.cores.app:app --interface asgi --workers 2

# %%
here = [name for name in HOSTS if not missing(name)]
for name in HOSTS:
    print(f"{name}: {missing(name) or 'is here'}")
here = here[:1] if QUICK else here

# %% [markdown]
# ## Predict: a server written in Rust
#
# All of them get two workers and the same load on `/primes/500`. We do not ask who answers most:
# on a busy machine that says who got the cores. We ask what a request **costs**, in processor
# time of the server's own, which is counted only while it runs.
#
# How many times as much does a request cost under the dearest of them as under the cheapest? 1
# means "the same".

# %%
predict("12.q5", 3)

# %%
with ExitStack() as stack:
    ours = stack.enter_context(several(server, workers=2))
    asked = {"asyncweb": Serving(ours.url, tuple(ours.stats()["each"]))}
    for name in here:
        host = stack.enter_context(Host(name, workers=2))
        asked[name] = Serving(host.url, host.pids)
    nothing = costs(asked, "/hello", seconds=SECONDS, rounds=ROUNDS)
    computing = costs(asked, "/primes/500", seconds=SECONDS, rounds=ROUNDS)

# %%
print("a request costs, in processor time:")
for name in asked:
    print(f"{name:>10}: /hello {seconds(nothing[name])}, /primes/500 {seconds(computing[name])}")
dearer = max(computing.values()) / min(computing.values())
reveal("12.q5", dearer)

# %%
shows("12.c3", dearer)
shows("12.c4", max(nothing.values()) / min(nothing.values()) / dearer)

# %% [markdown]
# A quicker server makes the server's part quicker: reading a request, writing an answer. For
# `/hello` that is nearly all there is, and there they differ. For `/primes` it is next to
# nothing, and the handler is the same Python under all of them. **No server, and no event loop,
# speeds up your handler.**
#
# **Checkpoint.** A handler computes for 50 ms in Python, and the machine has eight cores. Which
# of these answers more requests a second: `"async def"`, `"uvloop"`, `"threads"`, `"workers"`?

# %%
check("12.k3", ...)

# %% [markdown]
# ## Who measures whom?
#
# The load is a program, too, and needs a core. It can also be more than one program:
# `processes=2` asks from two, which share the connections.
#
# ## Predict: twice the askers
#
# One worker serves `/hello`, asked by one process and then by two, with as many connections in
# all. How many times as many answers come with two?

# %%
predict("12.q6", 2)

# %%
with several(server, workers=1) as one:
    by_one = quietly(one, path="/hello", connections=32, duration=SECONDS)
    by_two = quietly(one, path="/hello", connections=32, duration=SECONDS, processes=2)

# %%
for found in (by_one, by_two):
    print(fill(found.explain(), 100))
reveal("12.q6", by_two.throughput_rps / by_one.throughput_rps)

# %% [markdown]
# More askers help only when the asker was the limit; the line "What limited ..." tells. Where all
# of them live on one machine, each asker also takes from the server what it measures. So whoever
# wants to know what a *fast* server can do asks from other machines. Ours are led by Locust, a
# load tester that can lead many; one command on the machine that leads, and one on each that asks:
#
#     asyncweb load http://10.0.0.1:8000/ --connections 400 \
#         --engine locust://0.0.0.0:5557 master --workers 2
#     asyncweb load --engine locust://10.0.0.7:5557 worker
#
# ## When async stops helping
#
# | the handler ... | one loop | threads | more processes |
# | --- | --- | --- | --- |
# | waits (network, database, clock) | helps most | help, at a thread each | not needed for that |
# | computes a little (a page, some JSON) | as fast as one core | no faster | times the cores |
# | computes for long | holds up everybody | takes turns | times the cores |
# | keeps things in variables | one truth | one truth, with locks | a truth per process |
#
# ## Modify: less to compute
#
# Below, a request costs next to nothing. Guess the picture before you run it. Who is busy now?

# %%
curve(
    "workers", COUNTS, lambda number: several(server, number),
    {**asking, "path": "/primes/30"}, bend=(CORES, "no core is left"), rounds=1,
)  # fmt: skip

# %% [markdown]
# ## Modify: workers with threads
#
# Put `ThreadServer(app)` in the place of `AsyncServer(app)`. Do you get more answers? Why not?
# Then ask for `/wait/10`, with 200 connections, on both.

# %%
with several(AsyncServer(app), workers=2) as two:
    found = quietly(two, path="/primes/500", connections=8, duration=SECONDS, keep_alive=False)
print(rate(found.throughput_rps), "and p99", seconds(found.latency.percentile(0.99)))

# %% [markdown]
# ## Modify: a port for two
#
# Give two servers the same port with `SO_REUSEPORT`, each in a process of its own, and ask
# `/hits` again. What happens to the answers when you stop one of them?
#
#     from asyncweb import SocketOptions
#     sharing = SocketOptions(reuse_port=True)
#     first = AsyncServer(app, socket_options=sharing).start(process=True)
#     second = AsyncServer(app, port=first.port, socket_options=sharing).start(process=True)

# %%
# your two servers; stop them at the end of the cell

# %% [markdown]
# ## Make: a counter that is right
#
# Write an app whose `/hits` counts truly, with any number of workers: 400 requests, and the next
# answer says 401. A file with SQLite, as in notebook 08, is enough: let the database add, in one
# statement (`UPDATE ... SET hits = hits + 1 RETURNING hits`), and not Python. Prove it with
# `load(..., requests=400)`.

# %%
counting = App()

# your handler; then: with several(AsyncServer(counting), 2) as two: ...

# %% [markdown]
# > **What could mislead you here.** A crowded Linux deals out its processors to *sessions*, not
# > to processes. Our workers have one each, those of uvicorn and granian one for all, so on a
# > machine that is busy with other things ours get more, and would win a race for `/primes`,
# > though a request costs the same processor time under all. Server, load and notebook share one machine,
# > so a server with more workers also takes cores from those who ask it. A laptop slows down when
# > all cores are busy or warm. A container may say that it has many cores and be allowed to use
# > one. The first second after a start is never representative, which is why there is a warm-up.
# > And our handler needs no memory to speak of: many workers with a large model each fill the
# > machine long before the cores are used up.

# %% [markdown]
# ## Key points
#
# - One Python process computes on one core, whatever the number of its threads, and whoever wrote
#   the server around it.
# - Async and threads help with *waiting*. For computing there are processes, up to the number of
#   cores.
# - Workers share a port and nothing else. What must be one for all belongs outside of them.
# - `SO_REUSEPORT` deals out clients without asking who is busy; one socket for all lets those who
#   are free come and take.
# - A load is a program as well: before you judge a server, look at what limited the run.
#
# **Exercises that belong to it:** 16_memory_per_connection, 17_graceful_shutdown,
# 18_capstone_proxy.
#
# Every server of this notebook was stopped by its `with` block. The last cell makes sure of it.

# %%
server.stop()
server
