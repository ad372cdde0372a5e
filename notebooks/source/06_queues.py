# %% [markdown]
# # 06 · Queues
#
# **Questions.** How many are waiting right now, and can one know without counting? Why is a server that is busy nine
# tenths of the time so much slower than one that is busy three? What would a million users do to yours?
#
# **You will be able to** check a measurement by Little's law, predict at which load a server becomes slow and find
# that point by a real climb, say what a longer queue gives and what it costs, and ask a simulation about crowds that
# fit on no laptop.
#
# **Time:** 60 minutes. **Before this:** 02 and 05.

# %%
import os
import time
from functools import partial
from random import Random

from asyncweb import App, AsyncServer, ThreadServer, load
from asyncweb.dashboard.screen import NoScreen
from asyncweb.drawing.units import memory, rate, seconds
from asyncweb.lab.calibration import cpu_per_request, measure_machine
from asyncweb.lab.climb import climb
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.queue_pictures import plot_crowds, plot_inside, plot_knee
from asyncweb.lab.simulation.loads import ClosedLoop, OpenLoop
from asyncweb.lab.simulation.model import Model
from asyncweb.lab.simulation.record import table
from asyncweb.lab.simulation.run import simulate
from asyncweb.lab.simulation.theory import Waiting, knee_users
from asyncweb.loadtest.arrivals import constant

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
SECONDS = 0.4 if QUICK else 5
REQUESTS = 2000 if QUICK else 20_000  # of each simulation
quietly = partial(load, screen=NoScreen())  # without its live view: here a few figures tell all

# %% [markdown]
# ## Two kinds of work
#
# `/lookup` waits 20 ms for something else, a database perhaps. `/report` computes: it needs a processor for a
# millisecond or so, all the time. Both wait in queues, but not in the same one.

# %%
app = App()


# %%
@app.get("/lookup")
async def lookup(ctx):
    await ctx.sleep(0.020)
    return "found"


@app.get("/report")
def report(ctx):
    return str(sum(number * number for number in range(12_000)))


server = AsyncServer(app).start(process=True)
server

# %% [markdown]
# ## Predict: fifty clients
#
# Fifty clients ask for `/lookup`, wait for the answer, and ask again at once. Nothing else takes time, nearly.
#
# How many answers a second will they get, all together?

# %%
predict("06.q1", 50)

# %% [markdown]
# ## Run

# %%
CLIENTS = 50
lookups = quietly(server, path="/lookup", connections=CLIENTS, duration=SECONDS)
reveal("06.q1", lookups.throughput_rps)

# %% [markdown]
# You could have known, from **Little's law** (John Little, 1961): in anything that people enter and leave,
#
#     how many are inside  =  how many come out in a second  ×  how long each stays
#
# Fifty are inside, each stays 20 ms and a little, so 50 / 0.020 come out in a second, nearly. It holds for servers,
# shops and bathtubs, whatever happens inside, in which order, how evenly. That makes it a test of any measurement:
# when it does not add up, something was measured wrong.

# %%
inside = lookups.throughput_rps * lookups.latency.mean
print(rate(lookups.throughput_rps), "x", seconds(lookups.latency.mean), f"= {inside:.1f} inside")
shows("06.c1", inside / CLIENTS)

# %% [markdown]
# **Checkpoint.** A server answers 500 requests a second. Each is inside for 40 ms. How many are inside, on average?

# %%
check("06.k1", ...)

# %% [markdown]
# ## What the server can do
#
# Now to `/report`, which keeps a core busy. For how long? A copy of the server, in a process of its own, is asked
# again and again, and the processor time that it has used is divided by the answers. More than one such time after
# the other does not fit into a second: that is its **capacity**.

# %%
work_s = cpu_per_request(server, "/report", seconds=SECONDS)
capacity_rps = 1 / work_s
print(seconds(work_s), "of a core for each report: at most", rate(capacity_rps))

# %% [markdown]
# Twenty clients, who ask again as soon as they are answered, should get nearly so many. If they get much less, other
# programs use the core as well: close some.

# %%
twenty = quietly(server, path="/report", connections=20, duration=SECONDS)
print("twenty clients get", rate(twenty.throughput_rps))

# %% [markdown]
# ## Predict: the knee
#
# Requests now come from strangers, at random, whether the server is ready or not: an **open loop**. At 30 % of its
# capacity the server is idle most of the time, and hardly anybody waits. At 100 % the queue never ends. Somewhere
# between, the latency is three times that of a report alone: let us call that the **knee**.
#
# At how many percent of the capacity is it?

# %%
predict("06.q2", 95)

# %% [markdown]
# And how many times as long as at 30 % does a request take, on average, at 90 %? Three times the load: three times?

# %%
predict("06.q3", 3)

# %% [markdown]
# ## Run: climb
#
# The climb is made three times, and of each rate the middle run is kept: what else your machine does for a moment is
# in one of them.

# %%
SHARES = (0.3, 0.9, 1.3) if QUICK else (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.3)
measured = climb(
    server, [share * capacity_rps for share in SHARES], path="/report",
    seconds=0.8 if QUICK else 2, rounds=1 if QUICK else 3,
)  # fmt: skip
measured

# %%
reveal("06.q2", 100 * measured.knee_rps(bare_s=work_s) / capacity_rps)

# %%
calm, busy = measured.at(0.3 * capacity_rps), measured.at(0.9 * capacity_rps)
reveal("06.q3", busy.mean_s / calm.mean_s)

# %%
shows("06.c2", busy.mean_s / calm.mean_s)

# %% [markdown]
# ## Investigate: why?
#
# Because they come at random. At 90 % there is room for all, *on average*, but not always: three come at once, and
# the idle moments before are of no use to them. The nearer the server is to its capacity, the longer it takes until a
# queue that has formed is gone. For the simplest queue (arrivals and work at random, one server: M/M/1) the formula
# is one line:
#
#     latency  =  work / (1 - utilisation)
#
# Half busy: twice the work. 90 % busy: ten times. 99 %: a hundred times.

# %%
at_random, always_same = [], []
reports = Model("reports", answer_s=work_s)
for share in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95):
    rate_rps = share * capacity_rps
    at_random.append(simulate(reports, OpenLoop(rate_rps, varies=True), requests=REQUESTS))
    always_same.append(simulate(reports, OpenLoop(rate_rps), requests=REQUESTS))
    known_s = Waiting(rate_rps, work_s).latency_s
    print(f"{share:4.0%} busy: M/M/1 says", seconds(known_s), end=", ")
    print("simulated", seconds(at_random[-1].mean_s), end=", ")
    print("with even work", seconds(always_same[-1].mean_s))

# %% [markdown]
# `simulate` plays the server: a heap of events, each a moment and what happens then. Its dice are seeded: run it
# again, it says the same. Here its lines and your measured points, on one picture. A report is nearly always the same
# work, so the second column is the one to compare with.

# %%
plot_knee(measured, always_same, capacity_rps)

# %%
by_the_clock, by_the_requests = at_random[-1].little
print(f"inside, by the clock: {by_the_clock:.6f}; rate x stay: {by_the_requests:.6f}")
shows("06.c3", abs(by_the_clock / by_the_requests - 1))

# %% [markdown]
# **Checkpoint.** A server is busy 90 % of the time and answers in 10 ms. 5 % more requests come. What happens to the
# latency, roughly: `"5 % more"`, `"half as much again"` or `"it doubles"`? (Use the formula: what is `1 / (1 -
# utilisation)` before and after?)

# %%
check("06.k2", ...)

# %% [markdown]
# ## Modify: variety has its price
#
# Look at the two simulated columns again. Same rate, same mean work, yet one waits about twice as long. Change the
# model: what if two cores share one queue, and get twice the rate? And 20? Predict first: at 90 %, is the wait
# longer, the same, or shorter?

# %%
CORES = 2
shared = Model("reports", answer_s=work_s, cores=CORES)
rate_rps = 0.9 * CORES * capacity_rps
print(simulate(shared, OpenLoop(rate_rps, varies=True), requests=REQUESTS))

# %% [markdown]
# ## Predict: too much
#
# Strangers ask at 130 % of the capacity. Twenty clients in a closed loop, who wait for their answers, ask as fast as
# they can. Both are more than the server can do.
#
# How many times as long as the twenty do the strangers wait (their p99 by the p99 of the twenty)?

# %%
predict("06.q4", 1.3)

# %%
strangers = measured.at(1.3 * capacity_rps)
reveal("06.q4", strangers.p99_s / twenty.latency.percentile(0.99))

# %%
shows("06.c4", strangers.p99_s / twenty.latency.percentile(0.99))
loads = {f"{share:.0%} of the capacity": share * capacity_rps for share in (0.7, 0.95, 1.3)}
plot_inside(
    {name: simulate(reports, OpenLoop(rate_rps), requests=1000) for name, rate_rps in loads.items()}
)

# %% [markdown]
# A closed loop cannot overload anything: twenty clients are never more than twenty in the queue, and who waits asks
# for nothing. Its latency is 20 × the work, by Little, today and tomorrow. Strangers go on coming: their queue grows
# for as long as the load lasts, and so does the answer to "how slow is it?". A longer test would have found it
# slower.
#
# **Checkpoint.** You want to know at which rate your server becomes slow. Which load tells: `"open"` or `"closed"`?

# %%
check("06.k3", ...)

# %% [markdown]
# ## Another queue: four threads
#
# Not only processors have queues. Here are two pools of four threads each. `/lookup` hardly uses a processor, but it
# keeps its thread for 20 ms. The pools differ in how many requests may wait for a thread; who comes when all places
# are taken is told `503 Service Unavailable`, at once.
#
# ## Predict: the pool
#
# How many lookups a second can four threads answer?

# %%
predict("06.q5", 1000)

# %%
patient = ThreadServer(app, max_threads=4, queue=1000, name="long queue").start(process=True)
strict = ThreadServer(app, max_threads=4, queue=8, name="short queue").start(process=True)
crowd = quietly(patient, path="/lookup", connections=20, duration=SECONDS)
reveal("06.q5", crowd.throughput_rps)

# %% [markdown]
# Four are inside, 20 ms each: Little again. The processor is idle, and still there is a queue.
#
# ## Predict: back-pressure
#
# Now strangers come twice as often as that, to each of the pools. In the long queue nobody is turned away. In the
# short one about half are, and the others?
#
# What is the p99, in ms, at the short queue, of all who get some answer?

# %%
predict("06.q6", 500)

# %%
twice = constant(400, is_random=True)
waited = quietly(patient, path="/lookup", rate=twice, connections=200, duration=SECONDS)
refused = quietly(strict, path="/lookup", rate=twice, connections=200, duration=SECONDS)

# %%
for name, found in (("long queue", waited), ("short queue", refused)):
    p99_s, told_no = found.latency.percentile(0.99), found.errors.get("5xx", 0)
    print(f"{name:>11}: {found.successes:,} lookups, {told_no:,} times 503, p99 {seconds(p99_s)}")
reveal("06.q6", 1e3 * refused.latency.percentile(0.99))

# %%
shows("06.c5", waited.latency.percentile(0.99) / refused.latency.percentile(0.99))

# %% [markdown]
# Both pools do the same work. The long queue has only moved the trouble: everybody waits, until nobody wants the
# answer any more. The short queue says no at once to those whom nobody can serve, and serves the others well. That is
# **back-pressure**: the one who is asked too much says so, while the one who asks can still do something about it.
#
# **Checkpoint.** What does a longer queue give a server that gets more than it can do for an hour: `"more answers"`,
# `"longer waits"` or `"fewer errors"`, once all users hang up after 10 s?

# %%
check("06.k4", ...)

# %% [markdown]
# ## Modify: more threads?
#
# Give a pool 8 threads, then 64. Ask for `/lookup`, then for `/report`. Which of the two gains, and why not the
# other?

# %%
more = ThreadServer(app, max_threads=8, name="more threads").start(process=True)
for path in ("/lookup", "/report"):
    found = quietly(more, path=path, connections=20, duration=SECONDS)
    print(path, rate(found.throughput_rps))
more.stop()

# %% [markdown]
# **Checkpoint.** A pool of 4 threads answers 700 reports a second, each a millisecond of computing in Python. How
# many will 64 threads answer: `"700"`, `"1,400"` or `"11,200"`?

# %%
check("06.k5", ...)

# %% [markdown]
# ## A million users
#
# No laptop holds a million connections, but a simulation needs only numbers. Which numbers? Yours: the next cell
# measures, on this machine, what a request costs on both kinds of server, what a connection holds, and what a thread
# takes.

# %%
machine = measure_machine(seconds=0.2 if QUICK else 1.0)
machine

# %% [markdown]
# ## Predict: one event loop
#
# Users read: each asks for something once a minute, and the server waits 10 ms for its database before it answers.
# How many such users can **one** event loop serve before they begin to wait for each other?

# %%
predict("06.q7", 10_000)

# %%
reveal("06.q7", knee_users(machine.loop, ClosedLoop(1, think_s=60, wait_s=0.010)))

# %% [markdown]
# Before a simulation is believed about a million, it is held against something that can be measured. Here: ten lookups
# at a time, which leave the processor mostly idle. The best of three runs counts, for whatever else the machine does
# only takes away.

# %%
FEW = 10
same = simulate(machine.loop, ClosedLoop(FEW, wait_s=0.020), requests=REQUESTS)
runs = [quietly(server, path="/lookup", connections=FEW, duration=SECONDS) for _ in range(3)]
best_rps = max(run.throughput_rps for run in runs)
print("simulated:", rate(same.throughput_rps), "measured:", rate(best_rps))
shows("06.c6", same.throughput_rps / best_rps)

# %% [markdown]
# Now from a hundred users to a million. No user is let in for whom this machine has no memory, or no thread: look at
# the last column, and where the line of the threads ends.

# %%
began = time.perf_counter()
records = [
    simulate(machine.bounded(model), ClosedLoop(users, think_s=60, wait_s=0.010), requests=REQUESTS)
    for users in (100, 1_000, 10_000, 100_000, 1_000_000)
    for model in (machine.loop, machine.threads)
]
took_s = time.perf_counter() - began
print(table(records))

# %%
shows("06.c7", took_s)
plot_crowds(records, machine.memory_bytes)

# %%
with_threads = machine.threads.memory.resident_bytes(1_000_000)
without = machine.loop.memory.resident_bytes(1_000_000)
print("a million connections:", memory(with_threads), "with threads,", memory(without), "without")
shows("06.c8", with_threads / without)

# %% [markdown]
# Read the last lines of the table, too: a simulation is as good as what it knows. It knows your measured costs, and
# believes that they stay the same for a million.
#
# **Checkpoint.** At a million users the real latency will rather be `"lower"` or `"higher"` than the simulated one?

# %%
check("06.k6", ...)

# %% [markdown]
# ## Modify: impatient or lazy users
#
# Let the users ask every 10 s instead of every 60, or let the database answer in 500 ms. Which of the two moves the
# knee, and which only moves the latency? Predict, then change the numbers.

# %%
lazy = ClosedLoop(1_000_000, think_s=60, wait_s=0.010)
print(f"knee at {knee_users(machine.loop, lazy):,.0f} users")

# %% [markdown]
# ## Make: your own queue, in ten lines
#
# One server, one queue, first come, first served. For such a queue no heap is needed, only one number, the wait of
# the one who comes next (Lindley, 1952):
#
#     wait of the next  =  max(0, wait of this one + its work - the time until the next comes)
#
# Write `mean_latency(rate_rps, work_s, requests)`, with both times at random: `dice.expovariate(rate_rps)` is the
# time until the next comes, `dice.expovariate(1 / work_s)` the work. Hold it against the formula below. Then let
# every hundredth request take 50 times as long, and see what one slow kind of request does to all others.


# %%
def mean_latency(rate_rps, work_s, requests=100_000):
    dice = Random(6)
    wait_s = total_s = 0.0
    for _ in range(requests):
        work = dice.expovariate(1 / work_s)
        total_s += wait_s + work
        # the wait of the next?
    return total_s / requests


print("yours:", seconds(mean_latency(80, 0.010)), "known:", seconds(Waiting(80, 0.010).latency_s))

# %% [markdown]
# > **What could mislead you here.** The capacity was measured in processor time: where other programs take the core now
# > and then, the real one is lower, and the points lie left of the lines and above them. A few seconds near the knee
# > are too short to see the long queues: measure again and they differ. Strangers are not quite random: they come in
# > waves, after lunch or after a tweet, which is worse. And the simulation leaves out what its last line says.
#
# ## Key points
#
# - Inside = rate × stay. It always holds; use it to check what you are told.
# - Latency grows with 1 / (1 - utilisation): keep a server below its knee, not below its capacity.
# - A closed loop cannot overload a server, and so cannot find the knee. An open one does both.
# - A queue evens out bursts. Of an overload it makes waits without end: bound it, and say no early.
# - The scarce thing may be a thread as well as a processor. More of what is not scarce gains nothing.
# - A simulation goes where no laptop goes, with your numbers, and has to say what it leaves out.
#
# **Exercises that belong to it:** 14_littles_law, 10_slow_reader.
#
# Stop what you started.

# %%
for started in (server, patient, strict, more):
    started.stop()
display(server, patient, strict, more)
