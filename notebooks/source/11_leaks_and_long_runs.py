# %% [markdown]
# # 11 · Leaks and long runs
#
# **Questions.** The memory of a server grows: is that a leak? It has not grown for ten minutes: is there none?
#
# **You will be able to** tell a leak from a plateau by a measurement, say how sure you are and for how long, find who
# keeps an object alive, and name what goes wrong with tasks that nobody keeps.
#
# **Time:** 60 minutes. **Before this:** 04 Memory footprint.

# %%
import gc
import os
import random
import tracemalloc
import weakref

from asyncweb import AsyncServer
from asyncweb.lab.direct import urlopen
from asyncweb.lab.forgotten import letters_read
from asyncweb.lab.holders import holders, living
from asyncweb.lab.leaky import PAGE_BYTES, Visit, leaky, planted_by
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.soak import soak
from asyncweb.lab.trend import judge
from asyncweb.servers import garbage

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
SECONDS = 4 if QUICK else 20  # of each soak
RATE = 300  # requests a second
KIB, MIB, GIB = 1024, 1024**2, 1024**3

# %% [markdown]
# ## Growth is not yet a leak
#
# The app below remembers a page of 8 KiB for every path it was asked for. Many programs have such a cache. It is put
# under the same load twice: once it is asked for the same 300 paths again and again, once for a new path every time.
#
# That is a *soak*: the same load for a long time, and nothing is watched but what it leaves behind. A server is soaked
# for days. We have seconds, so look closely.

# %%
server = AsyncServer(leaky(plant="cache"), name="cache")

# %% [markdown]
# ## Predict
#
# Both fill their cache at first, so both grow. Afterwards a rule will judge each of them: `"leak"`, `"level"`, or
# `"unknown"` when it cannot tell. What will it say of the one with 300 paths? And by how many KiB will the other one
# grow with each request, in the second half of its soak?

# %%
predict("11.q1", "leak")  # "leak", "level" or "unknown"

# %%
predict("11.q2", 1)  # KiB a request

# %% [markdown]
# ## Run
#
# The server runs in a process of its own, and is looked at from outside five times a second.

# %%
same = soak(server, "/tea/{{random 1 300}}", seconds=SECONDS, rate=RATE)
same

# %%
new = soak(server, "/tea/{{n}}", seconds=SECONDS, rate=RATE)
new

# %%
reveal("11.q1", same.judgement.verdict)

# %%
reveal("11.q2", new.judgement.second.slope / KIB)

# %% [markdown]
# ## Investigate: the rule
#
# That it grew says nothing: each server grows until its caches and pools are full. *How much* says little. What tells
# is whether it goes on. So the rule halves the run, and puts a line through each half:
#
# - **leak**: the second half grows, by more than the band around its slope, and not much less than the first half did;
# - **level**: the second slope, with its whole band, is below what we count as growth (a page in a thousand requests);
# - **unknown**: neither. That is an answer, too: look longer.
#
# The band is what the scatter of the points allows: in 95 of 100 runs like this one, if the points scatter by chance,
# the true slope is within it.

# %%
shows("11.c1", new.judgement.second.slope / PAGE_BYTES)

# %%
shows("11.c2", new.judgement.second.slope - abs(same.judgement.second.slope))

# %% [markdown]
# **Checkpoint.** Two servers have grown by 40 MiB in an hour. One of them leaks. What tells you which?
# `"how much it grew"`, `"that it grew"` or `"the second half"`?

# %%
check("11.k1", ...)

# %% [markdown]
# **Checkpoint.** The RSS of a server rose at noon, when everybody came. Everybody left at one. Until midnight it has
# not fallen, and not risen either. Is that a leak? `"yes"` or `"no"`?

# %%
check("11.k6", ...)

# %% [markdown]
# ## Predict: 72 hours
#
# The one that leaks goes on at this rate over a long weekend, 72 hours. How many GiB will it have added?

# %%
predict("11.q3", 10)  # GiB

# %%
reveal("11.q3", new.judgement.after(72 * 3600 * RATE)[1] / GIB)

# %%
print("asked for new paths:", new.in_hours(72))
print("asked for the same: ", same.in_hours(72))

# %% [markdown]
# Mind the second line. Even of the level one the band does not say "nothing": it says between so much and so much, for
# a stretch thousands of times as long as the one that we looked at, **if all goes on as it went**. The line cannot know
# what begins on the second day.
#
# ## Predict: how small a leak is seen?
#
# Let us make up memory curves of which we know the truth: a leak of 10 bytes a request, 300 requests a second, one look
# a second, and a scatter of 200 KiB as an allocator makes it. That is a quarter of a GiB a day. We make 100 such runs
# with 100 seeds, and count how often the rule says "leak". How many of 100 runs of **one minute** will be found out?


# %%
def made_up(leak_bytes, looks, seed):
    dice = random.Random(seed)
    asked = [RATE * look for look in range(looks)]
    return [(x, 30 * MIB + leak_bytes * x + dice.gauss(0, 200 * KIB)) for x in asked]


def found(leak_bytes, minutes):
    verdicts = [judge(made_up(leak_bytes, 60 * minutes, seed)).verdict for seed in range(100)]
    return verdicts.count("leak")


predict("11.q4", 100)  # of 100 runs of one minute

# %%
seen, alarms = {}, {}
for minutes in (1, 3, 10, 30):
    seen[minutes], alarms[minutes] = found(10, minutes), found(0, minutes)
    print(
        f"{minutes:>2} minutes: {seen[minutes]:>3} of 100 found, {alarms[minutes]} false alarms where nothing leaks"
    )

# %%
reveal("11.q4", seen[1])

# %%
shows("11.c3", seen[30])
shows("11.c4", max(alarms.values()))

# %% [markdown]
# A short run misses what a longer one cannot miss: the band shrinks with the length of the run to the power of one and
# a half. Who lets a soak run four times as long sees leaks that are eight times as small. And a rule that is right in
# 95 of 100 cases gives a false alarm now and then. Measure again, before you wake somebody.
#
# **Checkpoint.** A soak of ten minutes was level. What do you know about 72 hours? `"nothing leaks"`,
# `"nothing at all"`, or `"no more than the band, if all goes on"`?

# %%
check("11.k2", ...)

# %% [markdown]
# ## Who keeps it?
#
# Python counts for each object how often somebody refers to it, and frees it at once when that falls to zero. So a leak
# is always somebody who still refers to it. Mostly that is plain to see: a list, a cache. Here is one that is not.
#
# ## Predict
#
# A `Visit` is told to remember itself. Then our only name for it is deleted. Is it `"gone"` or `"still there"`? A
# *weak reference* lets us look without keeping it.

# %%
predict("11.q5", "gone")

# %%
gc.disable()  # for this cell: the collector comes when it likes
visit = Visit("/tea")
visit.again = visit
look = weakref.ref(visit)
del visit
after_del = "gone" if look() is None else "still there"
gc.collect()
after_collect = "gone" if look() is None else "still there"
gc.enable()

print("after del:", after_del, "- after gc.collect():", after_collect)

# %%
reveal("11.q5", after_del)

# %% [markdown]
# Its count never falls to zero: it counts itself. For that there is the **garbage collector**, which looks from time to
# time for groups that only keep each other. But when? It counts *objects* that were made and not freed, and comes when
# there are more than a threshold. It does not count bytes. Below, 2,000 visits are made and dropped, each with a cycle.

# %%
predict("11.q6", 5)  # how many of these are alive at once, at most?

# %%
most = 0
for number in range(2_000):
    visit = Visit(f"/tea/{number}")
    visit.again = visit
    if number % 125 == 0:
        most = max(most, living(Visit))
del visit
gc.collect()

print(f"{most} at once, {most * PAGE_BYTES / MIB:.1f} MiB; after gc.collect() {living(Visit)}")
print("thresholds:", gc.get_threshold())

# %%
reveal("11.q6", most)

# %%
shows("11.c5", most)

# %% [markdown]
# That is no leak: it goes up and down like a saw. With pages of a megabyte it would be the end of the process all the
# same. Who makes cycles of large things breaks them, or uses a weak reference for the way back.
#
# **Checkpoint.** Memory falls when you call `gc.collect()`. What was it? `"a cycle"`, `"a list"` or `"a cache"`?

# %%
check("11.k3", ...)

# %% [markdown]
# ## Tasks that nobody keeps
#
# A task can be lost in two ways. It may wait for ever, and keep all its variables. Or the opposite.
#
# ## Predict
#
# 100 tasks are started with `asyncio.create_task(...)`; nobody keeps what that returns. Each waits for a letter in a
# mailbox of its own. The garbage collector comes by, then the post. How many of them read their letter?
# (`letters_read??` shows how they are made.)

# %%
predict("11.q7", 100)

# %%
reveal("11.q7", letters_read(100, keep=False))

# %%
shows("11.c6", letters_read(100, keep=True))

# %% [markdown]
# The loop keeps a task only weakly. What keeps it usually is that which it waits for: a timer, a socket. Here task and
# mailbox only kept each other, a cycle, and the collector took both in the middle of their work. No error, no answer,
# and not every time: only when the collector happens to come between. The cure is one line: put it into a set, and let
# it leave the set when it is done.
#
#     task = asyncio.create_task(work())
#     tasks.add(task)
#     task.add_done_callback(tasks.discard)
#
# **Checkpoint.** Why is the last line there? Without it, finished tasks `"are cancelled"`, `"leak"` or
# `"run twice"`?

# %%
check("11.k4", ...)

# %% [markdown]
# ## Find the planted leak
#
# In this app one of five leaks is planted. Each request makes a `Visit` with a page of 8 KiB that should be gone after
# the answer; something keeps it. Which of the five does `SEED` choose? Do not open the file, measure:
#
# | suspect | what gives it away |
# |---|---|
# | `list` | grows with every request; a list has as many entries |
# | `callback` | somebody waits to be called, and remembers for that what it came with |
# | `task` | a task waits for something that never comes |
# | `cycle` | `gc.collect()` brings it down |
# | `cache` | grows with new paths only |

# %%
SEED = 4

suspect = AsyncServer(leaky(SEED), name="suspect").start()


def ask(paths):
    """Asks for each of the paths; how many visits are alive more than before."""
    before = living(Visit)
    for path in paths:
        with urlopen(suspect.url + path) as answer:
            answer.read()
    return living(Visit) - before


# %% [markdown]
# First: is anything kept at all, and does it depend on the path? Then: is it garbage that waits for the collector?

# %%
gc.collect()
gc.disable()  # the collector is not to come in between
by_same_path = ask(["/tea"] * 100)
by_new_paths = ask([f"/tea/{number}" for number in range(100)])
before = living(Visit)
gc.collect()
collected = before - living(Visit)
gc.enable()

print(f"{by_same_path} visits kept after 100 requests for one path")
print(f"{by_new_paths} after 100 requests for 100 paths")
print(f"{collected} of all were gone after gc.collect()")

# %% [markdown]
# Next: where was it made? `tracemalloc` remembers the line. Two snapshots, and the difference.

# %%
tracemalloc.start()
first = tracemalloc.take_snapshot()
ask([f"/milk/{number}" for number in range(100)])
second = tracemalloc.take_snapshot()
tracemalloc.stop()

for difference in second.compare_to(first, "lineno")[:3]:
    print(difference)

# %% [markdown]
# Where it was **made** is not who **keeps** it: every visit of every suspect is made in that same line. So ask the
# garbage collector who refers to the latest one, and who refers to that.

# %%
print(holders(Visit))

# %% [markdown]
# Now name your suspect: one of `"list"`, `"callback"`, `"task"`, `"cycle"`, `"cache"`.

# %%
predict("11.q8", "list")

# %%
reveal("11.q8", planted_by(SEED))

# %%
shows("11.c7", by_new_paths)

# %% [markdown]
# **Checkpoint.** `tracemalloc` names a line in which a megabyte a minute is made. Is the mistake in that line? `"yes"`,
# or `"not necessarily"`?

# %%
check("11.k5", ...)

# %% [markdown]
# > **What could mislead you here.**
# >
# > - A soak finds only what it asks for. A leak in a route that nobody asks, in the path of an error, or with each *new
# >   connection* is not seen by a load that keeps eight connections and is always answered with 200.
# > - The band takes the scatter for chance. Memory is no chance: it goes up in steps, as the allocator takes pieces. A
# >   short run may lie between two steps, and look level.
# > - Memory that was freed is seldom given back. A server that stays at its peak leaks nothing.
# > - What grows by the *hour* and not by the request (a log in memory, a timer) is hidden by a high rate of requests.
# > - It was level once, on an idle machine, with today's version. That is one run.

# %% [markdown]
# ## Modify: the other leaks
#
# Set `SEED` to other numbers, and find four more. Write down which piece of evidence settled it, before you reveal it.

# %%
# SEED = ...

# %% [markdown]
# ## Modify: enough to be known
#
# How many minutes does the rule need until it finds 10 bytes a request in 90 of 100 runs? And how many if the scatter
# is four times as large? Predict the second from the first, with the power of one and a half, then try.

# %%
# found(10, minutes=...)

# %% [markdown]
# ## Modify: the saw
#
# Soak `leaky(plant="cycle")` and look at its plot. How high are the teeth? A server in a process of its own sets the
# threshold of its collector itself. By the two numbers below, where do more visits wait for it: there, or here? And
# what has that to do with the height of a tooth?

# %%
print(f"new objects until it comes: server {garbage.YOUNG}, notebook {gc.get_threshold()[0]}")
# soak(AsyncServer(leaky(plant="cycle"), name="cycle"), seconds=SECONDS, rate=RATE)

# %% [markdown]
# ## Make: a cache with an end
#
# Write an app with a handler for `/{rest:path}` that remembers a page of 8 KiB for each path, but never more than 200
# of them: the oldest goes first. Soak it with new paths. It has succeeded when the rule says `"level"`, and you can say
# how large a leak your soak would have overlooked.

# %%
# your app

# %% [markdown]
# ## Key points
#
# - Growth is no leak. A leak is growth that goes on.
# - A slope without a band says nothing, and "unknown" is an honest answer. Longer runs see smaller leaks.
# - What was level for minutes was level for minutes. An extrapolation is a line, and no measurement.
# - Something leaks because somebody refers to it. `tracemalloc` says where it was made, `gc.get_referrers` who keeps
#   it.
# - A cycle waits for the collector, which counts objects and not bytes.
# - Keep your tasks until they are done, and no longer.
#
# **Exercises that belong to it:** `16_memory_per_connection`, `17_graceful_shutdown`.
#
# Stop what you started.

# %%
server.stop()
suspect.stop()
