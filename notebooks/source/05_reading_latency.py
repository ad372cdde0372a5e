# %% [markdown]
# # 05 · Reading latency
#
# **Questions.** Which number tells what users feel? How far can you trust it? How can a load test look at a server
# that stands still for two seconds and see nothing?
#
# **You will be able to** read a latency by its percentiles instead of its mean, add the measurements of several
# servers without lying, say how many requests a p99 needs, and recognise a load test that leaves out the worst.
#
# **Time:** 60 minutes. **Before this:** 00 and 02.

# %%
import os
from functools import partial
from textwrap import fill

from asyncweb import AsyncServer, load
from asyncweb.dashboard.screen import NoScreen
from asyncweb.drawing.units import seconds
from asyncweb.lab.calm import await_calm
from asyncweb.lab.computing import computing
from asyncweb.lab.faults import faulty
from asyncweb.lab.latency_pictures import plot_bands, plot_shape, plot_stall
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.omission import corrected, planning_client, waiting_client
from asyncweb.lab.resampling import band, redrawn, swing
from asyncweb.lab.trouble import Pause
from asyncweb.metrics.histogram import Histogram

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
SECONDS = 0.5 if QUICK else 5
quietly = partial(load, screen=NoScreen())  # a load without its live view

# %% [markdown]
# ## A server that does what it is told
#
# To learn to read a number, one has to know what is behind it. So this server does wrong exactly what the query asks
# for: `/page?delay=10ms:95,500ms:5` waits 10 ms in 95 of 100 requests, and half a second in the other five. It runs
# in a process of its own, so that this notebook is not in its way.

# %%
server = AsyncServer(faulty(seed=5)).start(process=True)
server

# %% [markdown]
# ## Predict: the mean
#
# Ten clients ask for that page, again and again. The mean latency will be about 0.95 × 10 ms + 0.05 × 500 ms, some 35
# ms.
#
# How many of the requests will take about that long, say within a quarter of it: `"most"`, `"about half"` or `"nearly
# none"`? Put **your** guess in the place of the one that is there.

# %%
predict("05.q1", "about half")

# %% [markdown]
# ## Run

# %%
page = load(server, path="/page?delay=10ms:95,500ms:5", connections=10, duration=SECONDS)
page

# %%
mean_s = page.latency.mean
near = sum(
    count
    for start_s, end_s, count in page.latency.buckets()
    if start_s >= 0.75 * mean_s and end_s <= 1.25 * mean_s
)
share = near / page.latency.count
reveal("05.q1", "nearly none" if share < 0.1 else "about half" if share < 0.75 else "most")

# %%
shows("05.c1", share)
plot_shape(page.latency)

# %% [markdown]
# Two hills, and the mean stands in the valley between them, where nobody lives. It is the *sum* of what all users
# waited, divided by their number: good for planning capacity, useless for telling what anybody feels.
#
# A **percentile** is a person: p50 is the one in the middle of the queue when all are sorted by how long they waited,
# p99 the one who waited longer than 98 others of 100 and is still not the last.

# %%
for fraction in (0.50, 0.90, 0.95, 0.99):
    print(f" p{100 * fraction:.0f}: {seconds(page.latency.percentile(fraction))}")
print(f"mean: {seconds(page.latency.mean)}")

# %% [markdown]
# **Checkpoint.** A customer of the shop asks this server 100 times, for pages and their pictures. Which number shows
# the *longest* wait that nearly every customer meets: `"mean"`, `"p50"` or `"p99"`? (With 5 slow requests in 100, a
# share of 1 - 0.95 ** 100 of the customers meets one at least.)

# %%
check("05.k1", ...)

# %% [markdown]
# ## Modify: where does p99 jump?
#
# Make the slow ones rarer: `10ms:98,500ms:2`, then `10ms:99.5,500ms:0.5`. Before each run: what will p99 be? The mean
# moves a little each time. What does p99 do, and what would you tell the shop?

# %%
slow_percent = 2
rarer = quietly(
    server,
    path=f"/page?delay=500ms:{slow_percent},10ms",
    connections=10,
    duration=SECONDS,
)
print("mean", seconds(rarer.latency.mean), "p99", seconds(rarer.latency.percentile(0.99)))

# %% [markdown]
# ## A histogram keeps the shape
#
# Where are all those latencies kept? Nowhere. They are counted in buckets, each of which ends 2 % above its start, so
# that whatever is read from it is right within 1 %, from a microsecond to an hour. So a histogram stays small,
# however much it has seen.

# %%
many = Histogram()
for _ in range(20):
    many.record_all(redrawn(page.latency, 1, times=1000))  # values drawn from what we measured
buckets = list(many.buckets())
print(f"{many.count:,} values are {len(buckets)} counts, for example {buckets[0]}")

# %%
shows("05.c2", len(buckets))

# %% [markdown]
# ## Predict: two servers, one p99
#
# The shop has two servers. One answers in 10 ms. The other, which got 1 of 4 requests, needs 300 ms in every tenth.
# Each reports its own p99 to a dashboard. The dashboard shows their average.
#
# What is the p99, in ms, of *all* requests of the shop?

# %%
predict("05.q2", 155)

# %% [markdown]
# ## Run

# %%
REQUESTS = 300 if QUICK else 1500
steady = quietly(server, path="/page?delay=10ms", connections=20, requests=3 * REQUESTS)
shaky = quietly(server, path="/page?delay=300ms:10,10ms", connections=20, requests=REQUESTS)

# %%
p99s_s = [found.latency.percentile(0.99) for found in (steady, shaky)]
average_s = sum(p99s_s) / 2
together = steady.latency + shaky.latency  # bucket by bucket: exactly the histogram of both
print("p99 of each:", *map(seconds, p99s_s), "and their average:", seconds(average_s))
reveal("05.q2", 1e3 * together.percentile(0.99))

# %%
shows("05.c3", together.percentile(0.99) / average_s)

# %% [markdown]
# A percentile has forgotten the shape it came from, and no arithmetic brings it back: not the average, not the
# maximum, not an average with weights. What can be added are the **counts**: merge the histograms, then ask for the
# percentile.
#
# **Checkpoint.** A dashboard keeps one p99 a minute and shows, for the day, the average of the 1,440. Of how many
# requests of the day is that the p99? Say `"all of them"`, `"those of the busiest minute"` or `"none"`.

# %%
check("05.k2", ...)

# %% [markdown]
# ## Modify: the average can be too high as well
#
# Let the shaky server answer only 1 of 20 requests. Merge again. Is the average of the two p99 now too low or too
# high? Find the share at which the shop's p99 jumps, and explain it with the hills of the first picture.

# %%
few_requests = 3 * REQUESTS // 19
rarely = quietly(server, path="/page?delay=300ms:10,10ms", connections=20, requests=few_requests)
merged = steady.latency + rarely.latency
print("p99 of all:", seconds(merged.percentile(0.99)))

# %% [markdown]
# ## Predict: how many requests does a p99 need?
#
# Now answers that come as they do in life: mostly soon, now and then late (exponential, 20 ms on average). Suppose
# you measure 50 requests and write down their p99, and your neighbours do the same with theirs.
#
# How many times as large will the larger ones among these p99 be as the smaller ones? (Of 100 neighbours, leave out
# the highest and the lowest few.)

# %%
predict("05.q3", 1.1)

# %% [markdown]
# ## Run
#
# Nobody has to measure a hundred times. Measure once, for long; then draw 50 of these requests at random, again and
# again. This is called a *bootstrap*.

# %%
life = quietly(server, path="/page?delay=exp:20ms", connections=50, duration=max(SECONDS, 1))

# %%
of_50 = redrawn(life.latency, 50)  # 200 times 50 requests: their p99, in seconds, sorted
low_s, high_s = band(of_50)
print("95 of 100 neighbours find a p99 from", seconds(low_s), "to", seconds(high_s))
reveal("05.q3", high_s / low_s)

# %%
of_2000 = redrawn(life.latency, 2000)
print(f"with 2,000 requests each, their p99 differ {swing(of_2000):.2f} times")
shows("05.c4", swing(of_50) / swing(of_2000))
plot_bands(life.latency, [20, 50, 100, 200, 500, 1000, 2000])

# %% [markdown]
# Of 50 requests, p99 is simply the slowest: one accident, not a law. A p99 is as good as the number of requests
# *beyond* it. This toolkit calls it firm from 10 on, so from about 1,000 requests, and puts a band around it that
# needs no drawing.

# %%
life.result

# %% [markdown]
# **Checkpoint.** Somebody shows you the p99 of 50 requests. How many requests are ranked behind it?

# %%
check("05.k3", ...)

# %% [markdown]
# ## Modify: another percentile
#
# Draw the same bands for p50 (`fraction=0.5`), and for p99.9. How many requests does each need until its band is as
# narrow as that of p99 with 1,000?

# %%
plot_bands(life.latency, [20, 50, 100, 200, 500, 1000, 2000], fraction=0.5)

# %% [markdown]
# ## Predict: a stall, seen by a load loop
#
# Now the server **stands still** for a fifth of the time, in one piece: nobody is answered. Otherwise an answer takes
# 2 ms. Four clients ask, wait for the answer, and ask again, as the load loop does that everybody writes first:
#
#     while True:
#         began = time.perf_counter()
#         urlopen(url).read()
#         latencies.append(time.perf_counter() - began)
#
# Which p99, in ms, will such a loop report?

# %%
STALL = Pause.read("300ms/1500ms" if QUICK else "2s/10s")
PATH = f"/page?delay=2ms&freeze={STALL.for_s}s/{STALL.every_s}s"
print(f"it stands still for {STALL.for_s:g} s in every {STALL.every_s:g} s")
predict("05.q4", 1000)

# %% [markdown]
# ## Run
#
# A whole period is measured, so that there is exactly one stall in it.

# %%
await_calm(STALL)
closed = quietly(server, path=PATH, connections=4, duration=STALL.every_s)
closed

# %%
reveal("05.q4", 1e3 * closed.latency.percentile(0.99))

# %% [markdown]
# ## Predict: the same stall, seen by people
#
# People do not wait for each other. They come when they come: 100 a second, stall or no stall. Their latency counts
# from the moment at which they wanted something. `rate=100` asks like that.
#
# The server does the very same. Which p99, in ms, do people see?

# %%
predict("05.q5", 10)

# %%
await_calm(STALL)
opened = quietly(server, path=PATH, rate=100, connections=4, duration=STALL.every_s)
opened

# %%
reveal("05.q5", 1e3 * opened.latency.percentile(0.99))

# %%
shows("05.c5", opened.latency.percentile(0.99) / closed.latency.percentile(0.99))
told_s, felt_s = (found.latency.percentile(0.99) for found in (closed, opened))
print("the same stall: a p99 of", seconds(told_s), "by the loop, and", seconds(felt_s), "by people")

# %% [markdown]
# One server, one stall, two answers. (Both loads say so themselves, in the last lines below their tables.) Look at it
# request by request. The left client meets the stall **once**, because it waits it out; all that it would have asked
# meanwhile is never asked. The right one meets it 20 times of 100, as people do.

# %%
waiting = waiting_client(STALL, answer_s=0.002)
planning = planning_client(STALL, answer_s=0.002, rate_rps=100)
plot_stall(waiting, planning)

# %% [markdown]
# The loop and the server have *coordinated*: while the server was bad, the loop did not look. Gil Tene has called it
# **coordinated omission**. The more the server deserves to be caught, the less it is asked.
#
# **Checkpoint.** What is to be changed so that a load test sees what people see? Say `"more clients"`, `"a longer
# test"` or `"a schedule"`.

# %%
check("05.k4", ...)

# %% [markdown]
# ## Modify: would more clients have seen it?
#
# Ask with 50 clients in the closed loop. First say what p99 will be: more clients, more who are caught by the stall.
# But more who are not, too.

# %%
await_calm(STALL)
crowded = quietly(server, path=PATH, connections=50, duration=STALL.every_s)
print("p99 with 50 clients:", seconds(crowded.latency.percentile(0.99)))

# %% [markdown]
# **Checkpoint.** How many requests were answered in a second says nothing of this, either: compare. Two tests of two
# servers: one answers 1,000/s, the other 800/s. In which do users wait longer? Say `"the first"`, `"the second"` or
# `"nobody can tell"`.

# %%
for name, found in (("4 clients", closed), ("50 clients", crowded)):
    median_s = found.latency.percentile(0.5)
    print(f"{name:>10}: {found.throughput_rps:6,.0f}/s, p50 {seconds(median_s)}")
check("05.k5", ...)

# %% [markdown]
# ## Predict: who else is in the room?
#
# So far the server had a process of its own. Started with plain `start()` it lives in this notebook's process, where
# all Python code shares one lock, the GIL. Suppose the notebook computes something meanwhile.
#
# One client asks again and again. How many times as many answers will it get from the server with its own process?

# %%
predict("05.q6", 1.5)

# %%
here = AsyncServer(faulty(seed=6)).start()
with computing():  # a thread of this notebook adds numbers
    at_home = quietly(here, path="/hello?size=5B", connections=1, duration=max(SECONDS, 2))
    apart = quietly(server, path="/hello?size=5B", connections=1, duration=max(SECONDS, 2))
here.stop()

# %%
reveal("05.q6", apart.throughput_rps / at_home.throughput_rps)

# %%
shows("05.c6", apart.throughput_rps / at_home.throughput_rps)

# %% [markdown]
# Both servers are the same program, and the machine was equally busy. But the first had to wait for its turn with the
# lock: a thread that computes keeps it for 5 ms. It is the same with a load generator that shares a core with its
# server: then both are measured, and nobody knows which. So `race` and the demo always put each server and the load
# in processes of their own, and a load says first what limited it:

# %%
print(fill(apart.explain(), 100))

# %% [markdown]
# **Checkpoint.** Your load generator uses 95 % of a core, and the server 40 % of another. Whose latency do you read?
# Say `"the server's"` or `"the generator's"`.

# %%
check("05.k6", ...)

# %% [markdown]
# ## Make: give back what was left out
#
# The closed loop has left out requests. If you know how often they *should* have been asked, you can guess them:
# somebody who asks every 2 ms, and once waits for 1 s, would have asked 499 times meanwhile, and those would have
# waited 0.998 s, 0.996 s, and so on down to 2 ms. (So does HdrHistogram, a library in which many load testers keep
# their latencies.)
#
# Write `completed(latencies_s, interval_s)`: the list of all latencies together with the missing ones. The cell below
# the next one says how near you come to the truth. Then say when this guess is wrong, and why a schedule is better.


# %%
def completed(latencies_s, interval_s):
    return list(latencies_s)  # and what else?


# %%
told = [one.latency_s for one in waiting]
yours = Histogram(completed(told, 0.002)).percentile(0.99)
wanted = Histogram(corrected(told, 0.002)).percentile(0.99)
true = Histogram(one.latency_s for one in planning).percentile(0.99)
print(
    "p99 by you:", seconds(yours), "by HdrHistogram:", seconds(wanted), "the truth:", seconds(true)
)

# %% [markdown]
# > **What could mislead you here.** The server's delays are made to order; real ones have more than two hills. The
# > bands take the requests for independent, and those of one stall are not: the true band is wider. The stall comes by
# > the clock and never twice as often when the load is higher, as a real one might. And the first figures of a server
# > that has just started are not those of one that has run for an hour: measure again before you believe.
#
# ## Key points
#
# - The mean is nobody's latency. Ask for p50, p90, p99, and look at the shape once.
# - Percentiles cannot be averaged or added. Counts can: merge histograms, then ask.
# - A percentile is as firm as the number of requests beyond it: ten at least, so a thousand for a p99.
# - A loop that waits for answers asks least when the server is worst. Ask on a schedule, and count from when a
#   request was due.
# - Throughput is not latency. And who shares a core, or a GIL, with the server measures both.
#
# **Exercises that belong to it:** 12_percentiles, 13_coordinated_omission.
#
# Stop what you started.

# %%
server.stop()
here.stop()
display(server, here)
