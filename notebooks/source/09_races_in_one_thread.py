# %% [markdown]
# # 09 · Races in one thread
#
# **Questions.** On an event loop one thing runs at a time. What can go wrong there? How do you find a fault that comes
# once in a thousand runs? What happens to a task when nobody wants its result any more?
#
# **You will be able to** find the place where another task can come between, show the order in which code fails
# instead of hoping for it, choose between a lock and none, and say when a task ends that is cancelled.
#
# **Time:** 60 minutes. **Before this:** notebooks 02 and 03.

# %%
import asyncio
import os
import threading

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.lifelines import lifelines
from asyncweb.lab.orders import in_every_order
from asyncweb.lab.timeline import timeline

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
TIMES = 20_000 if QUICK else 100_000

# %% [markdown]
# ## A hundred visits
#
# A page counts its visits. It reads the number, asks the database who has come, and writes the number, one higher.
# `asyncio.sleep` stands for the database.

# %%
count = 0


async def visit():
    global count
    seen = count  # read
    await asyncio.sleep(0.010)  # who is it?
    count = seen + 1  # write


# %% [markdown]
# ## Predict
#
# A hundred visitors come at once: a hundred tasks, one thread, one event loop. What is `count` afterwards?

# %%
counted = 100

predict("09.q1", counted)

# %% [markdown]
# ## Run

# %%
count = 0
await asyncio.gather(*(visit() for _ in range(100)))
display(reveal("09.q1", count))
shows("09.c1", count)

# %% [markdown]
# Run that cell as often as you like: it is no accident. There is no second thread, and still ninety-nine visits are
# gone. Where?
#
# ## Investigate: two visitors are enough
#
# Below, the same with two visitors, as a small world of its own: it makes a new counter, lets two visit, and says what
# must be true in the end. `in_every_order` runs this world again and again, each time with another task going on first,
# and stops at the first order in which it fails. Read its table from top to bottom: each row is one turn.


# %%
async def two_visits():
    count = 0

    async def visit():
        nonlocal count
        seen = count  # read
        await asyncio.sleep(0)  # the shortest wait there is
        count = seen + 1  # write

    await asyncio.gather(visit(), visit())
    assert count == 2, f"{count} of 2"


lost = in_every_order(two_visits)
lost

# %% [markdown]
# A reads 0 and waits. Whoever waits gives way, so B reads, and what it reads is 0 as well. A writes 1. B knows nothing
# of that: it writes 1, too. What B has in `seen` was true when it was read. It is *old* when it is used.
#
# **Checkpoint.** Put the four steps into the order in which they happened: a list of `"A reads"`, `"A writes"`,
# `"B reads"`, `"B writes"`.

# %%
check("09.k1", ...)

# %% [markdown]
# ## The same in a server, twice
#
# As a handler it is the same fault, and it does not care which server runs it. Five clients, and a database that takes
# 200 ms:

# %%
app = App()
visits = 0


# %%
@app.get("/visit")
async def visit_page(ctx):
    global visits
    seen = visits
    await ctx.sleep(0.200)
    visits = seen + 1
    return f"you are visitor {visits}"


loop = AsyncServer(app, name="loop").start()
threads = ThreadServer(app, name="threads").start()
display(loop, threads)

# %%
lost_visits = {}
for server in (loop, threads):
    visits = 0
    seen_visits = timeline(server, "/visit", clients=5)
    lost_visits[server.name] = 5 - visits
    print(f"{server.name}: 5 have come, {visits} counted")
seen_visits

# %%
shows("09.c2", min(lost_visits.values()))

# %% [markdown]
# In the picture each request has read at the left end of its wait and writes at the right end. All that lies between
# is time in which somebody else can read the same number. The length of that wait is your *window*: the longer it is,
# the more get lost.
#
# ## Predict: an `await` that does not wait
#
# Now `nobody` is awaited between read and write. It is an `async def`, and has nothing to wait for. A hundred tasks
# again: what is `count`?

# %%
counted_with_nobody = 1

predict("09.q2", counted_with_nobody)


# %%
async def nobody():
    return "nobody"


async def visit_nobody():
    global count
    seen = count
    await nobody()
    count = seen + 1


count = 0
await asyncio.gather(*(visit_nobody() for _ in range(100)))
reveal("09.q2", count)

# %% [markdown]
# Other tasks come between only where *something really waits*: a sleep, a socket, a lock that is taken, a queue that
# is empty. Between two such places you are alone on your loop. That is worth much: it is why a plain `count += 1` needs
# no lock there. But it is a promise about today's `nobody`. When somebody lets it ask a database, the fault is there,
# and not a letter of `visit_nobody` has changed.
#
# ## Predict: two threads, and a test
#
# Between threads there is no such promise: one may be stopped *within* a line. So somebody tests it: two threads, each
# says `+= 1` many thousand times. Will all be counted? Put `"yes"` or `"no"`.

# %%
all_counted = "no"

predict("09.q3", all_counted)

# %%
total = 0


def count_up():
    global total
    for _ in range(TIMES):
        total += 1


workers = [threading.Thread(target=count_up) for _ in range(2)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
print(f"{total:,} of {2 * TIMES:,}")
reveal("09.q3", "yes" if total == 2 * TIMES else "no")

# %% [markdown]
# ## Predict: how hard is it to find?
#
# The test knows only the orders that this Python, on this day, happens to take. Let us stop the threads where *they
# may* be stopped: before each read and each write of what they share. How many orders must be tried until a visit is
# lost?

# %%
orders_to_try = 1000

predict("09.q4", orders_to_try)


# %%
def two_threads(together):
    count = 0

    def visit():
        nonlocal count
        count += 1

    together(visit, visit)
    assert count == 2, f"{count} of 2"


interrupted = in_every_order(two_threads)
interrupted

# %%
reveal("09.q4", interrupted.tried)

# %%
shows("09.c3", interrupted.tried)

# %% [markdown]
# `count += 1` is a read, a sum and a write. The Python that you have today seldom or never stops a thread just there,
# and no rule of the language says so. Other versions do, and one without the lock of notebook 03 does it all the time.
#
# **Checkpoint.** A test of `x += 1` in threads has passed a million times. What does that prove? Put `"it is safe"`,
# `"those orders are right"` or `"nothing"`.

# %%
check("09.k2", ...)

# %% [markdown]
# ## Predict: the last seat
#
# One seat is left. Ann and Bob want it. Bob is slow: he clicks three times before he books. You have run this a
# thousand times, and only one of them ever got the seat. Is it right? Put `"it holds"` or `"it fails"`.

# %%
last_seat = "it holds"

predict("09.q5", last_seat)


# %%
async def last_seat_is_sold_once():
    free, sold = 1, []

    async def book(name, clicks):
        nonlocal free
        for _ in range(clicks):
            await asyncio.sleep(0)
        if free:
            await asyncio.sleep(0)  # the bank says yes
            free -= 1
            sold.append(name)

    await asyncio.gather(book("ann", clicks=0), book("bob", clicks=3))
    assert len(sold) == 1, f"sold to {sold}"


for _ in range(1000):
    await last_seat_is_sold_once()
print("a thousand times right")

# %%
seats = in_every_order(last_seat_is_sold_once)
reveal("09.q5", "it holds" if seats.hold else "it fails")

# %%
seats

# %% [markdown]
# *Look, then act*, with a wait between: here it is a question that has become old, not a number. A thousand runs took
# the same order a thousand times. One evening the bank is slow with Ann, and two people sit down on one chair.
#
# ## A lock
#
# A lock lets one in, and the next when that one has left. Between `async with lock:` and its end nobody else is in
# there, however long you wait inside:


# %%
async def two_visits_locked():
    count = 0
    lock = asyncio.Lock()

    async def visit():
        nonlocal count
        async with lock:
            seen = count
            await asyncio.sleep(0)
            count = seen + 1

    await asyncio.gather(visit(), visit())
    assert count == 2, f"{count} of 2"


locked = in_every_order(two_visits_locked)
locked

# %%
shows("09.c4", int(not locked.hold))

# %% [markdown]
# Not one run that went well: *all* the orders there are.
#
# ## Predict: what it costs
#
# Now the page of the server, with a lock around all of it: read, a database that takes 40 ms, write. Five clients at
# once, on the loop. After how many milliseconds is the last of them answered?

# %%
last_answered_ms = 40

predict("09.q6", last_answered_ms)

# %%
big_lock = asyncio.Lock()


@app.get("/locked")
async def locked_page(ctx):
    global visits
    async with big_lock:
        seen = visits
        await ctx.sleep(0.040)
        visits = seen + 1
    return f"you are visitor {visits}"


one_by_one = timeline(loop, "/locked", clients=5)
one_by_one

# %%
reveal("09.q6", one_by_one.lasted_ms)

# %% [markdown]
# Right, and as slow as if there were no event loop. The lock does not only guard the number: it guards the *database*.
# Who asks first and then reads and writes, without a wait between, needs no lock on a loop at all:


# %%
@app.get("/together")
async def together_page(ctx):
    global visits
    await ctx.sleep(0.040)
    visits += 1  # read and write, and nobody between
    return f"you are visitor {visits}"


visits = 0
side_by_side = timeline(loop, "/together", clients=5)
counted_together = visits
print(f"5 have come, {counted_together} counted")
side_by_side

# %%
shows("09.c5", one_by_one.lasted_ms / side_by_side.lasted_ms)
shows("09.c6", counted_together)

# %% [markdown]
# On threads the two would still need a lock around `visits += 1`: a small one, of `threading`, held for a moment.
#
# ## Predict: the wrong lock
#
# `threading.Lock` is a lock as well. It is used on the loop, with a plain `with`, around a read, a wait and a write.
# A has it, and waits. B wants it. What happens? Put `"B waits, A goes on"`, `"B gets in as well"` or
# `"nobody ever goes on"`.

# %%
with_wrong_lock = "B waits, A goes on"

predict("09.q7", with_wrong_lock)


# %%
async def two_visits_wrong_lock():
    count = 0
    lock = threading.Lock()

    async def visit():
        nonlocal count
        with lock:
            seen = count
            await asyncio.sleep(0)
            count = seen + 1

    await asyncio.gather(visit(), visit())
    assert count == 2, f"{count} of 2"


wrong_lock = in_every_order(two_visits_wrong_lock)
wrong_lock

# %%
stands_still = "RealWait" in wrong_lock.trouble
reveal("09.q7", "nobody ever goes on" if stands_still else "B waits, A goes on")

# %% [markdown]
# B does not give way: it holds the *thread* and waits in it for A. A needs that very thread to come to the end of its
# block. On a real loop this cell would never have ended; here it is refused.
#
# ## How tasks begin and end
#
# Races are about the moment in between. The rest of this notebook is about the two ends. `lifelines` runs a scenario
# and draws the life of each *task*. Its clock is not the one on the wall: where all wait, it jumps. So its figures are
# exact, and an hour takes no time.
#
# ## Predict: two calls, two awaits


# %%
async def fetch(name, ms):
    await asyncio.sleep(ms / 1000)
    return name


async def page():
    first = fetch("user", 100)
    second = fetch("orders", 100)
    return await first, await second


# %% [markdown]
# Both calls stand there before the first `await`. After how many milliseconds is `page` done?

# %%
page_done_ms = 100

predict("09.q8", page_done_ms)

# %%
in_a_row = lifelines(page)
in_a_row

# %%
reveal("09.q8", in_a_row.lasted_ms)

# %% [markdown]
# There is one life, that of `page`. A call of an `async def` starts nothing: it gives you a coroutine, a recipe.
# `await` cooks it, now, and you stand beside the pot until it is done. To begin something while you do something else
# needs a **task**. A `TaskGroup` makes them, and waits for all of them at its end:


# %%
async def page_of_tasks():
    async with asyncio.TaskGroup() as group:
        first = group.create_task(fetch("user", 100))
        second = group.create_task(fetch("orders", 100))
    return first.result(), second.result()


overlapping = lifelines(page_of_tasks)
overlapping

# %%
shows("09.c7", in_a_row.lasted_ms / overlapping.lasted_ms)

# %% [markdown]
# **Checkpoint.** Somebody has learned of tasks, and writes two lines: `await asyncio.create_task(fetch("user", 100))`
# and then `await asyncio.create_task(fetch("orders", 100))`. After how many milliseconds are both done?

# %%
check("09.k5", ...)

# %% [markdown]
# **Checkpoint.** A handler says `asyncio.create_task(send_mail())`, keeps nothing, and answers. The mail takes a
# second. What is sure about that task? Put `"it comes to its end"`, `"it may vanish on the way"` or
# `"it never starts"`.

# %%
check("09.k3", ...)

# %% [markdown]
# The loop holds a task only weakly; notebook 11 lets the garbage collector take some. A `TaskGroup` keeps its tasks.
# And when one of them fails?
#
# ## Predict: one of three fails
#
# A page needs three things. The second fails after 30 ms; the page says "sorry", and nobody wants the other two any
# more. They are asked for by `asyncio.gather`. How many of the other two still run on to their end?

# %%
run_on = 0

predict("09.q9", run_on)


# %%
async def broken(ms):
    await asyncio.sleep(ms / 1000)
    raise ConnectionError("nobody there")


async def page_by_gather():
    try:
        answer = await asyncio.gather(fetch("user", 100), broken(30), fetch("orders", 200))
    except ConnectionError:
        answer = "sorry"
    await asyncio.sleep(0.250)  # the server goes on, with the next visitor
    return answer


gathered = lifelines(page_by_gather)
gathered

# %%
others = [life for life in gathered.lives if life.name.startswith("fetch")]
reveal("09.q9", sum(life.ended == "returned" for life in others))


# %%
async def page_by_group():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch("user", 100))
            group.create_task(broken(30))
            group.create_task(fetch("orders", 200))
        answer = "the page"
    except* ConnectionError:
        answer = "sorry"
    return answer


grouped = lifelines(page_by_group)
grouped

# %%
shows("09.c8", grouped.ended("cancelled"))

# %% [markdown]
# `gather` passes the failure on and forgets the others: they ask the database for an answer that nobody reads. A
# `TaskGroup` ends them, and lets nobody out before they have ended: here nobody lives on after 30 ms. That is why the
# failure of several comes as a group, and is caught with `except*`.
#
# ## Predict: cancelled after 50 ms
#
# A payment takes a second, and must give its place back in the end, which takes 100 ms. It has a timeout of 50 ms.
# After how many milliseconds does who waits for it go on?

# %%
goes_on_after_ms = 50

predict("09.q10", goes_on_after_ms)


# %%
async def pay():
    try:
        await asyncio.sleep(1)
    finally:
        await asyncio.sleep(0.100)  # gives its place back


async def shop():
    task = asyncio.create_task(pay())
    try:
        async with asyncio.timeout(0.050):
            await task
    except TimeoutError:
        pass


timed_out = lifelines(shop)
timed_out

# %%
reveal("09.q10", timed_out.life("shop()").ends_ms)

# %%
shows("09.c9", timed_out.life("pay()").ends_ms - timed_out.life("pay()").told_ms)

# %% [markdown]
# To cancel a task is to *ask*: at the place where it waits, a `CancelledError` is raised in it. What it does then is
# its own affair. It tidies up, and may wait for that: the hatched part of its life. Whoever awaits it waits as long.
#
# **Checkpoint.** In a task stands `except CancelledError: pass`, in a loop that never ends. You cancel it. What
# happens? Put `"it ends at once"`, `"it ends at its next wait"` or `"it goes on"`.

# %%
check("09.k4", ...)

# %% [markdown]
# > **What could mislead you here.** `in_every_order` tries the orders of *this* small world: what you left out of it is
# > not tried, and when there are too many orders it says that it has tried only the first. The lives drawn by
# > `lifelines` show waiting only; work takes no time there. And a table that fails names one order. There may be
# > others, which a cure for this one leaves as they are: let all orders run again.

# %% [markdown]
# ## Modify: three visitors
#
# Let three visit in `two_visits_locked`, then four. How many orders are there? How many would there be with ten, and
# what does that say about tests that run a thing "often"?

# %%
# async def three_visits_locked(): ...
# in_every_order(three_visits_locked)

# %% [markdown]
# ## Modify: two locks
#
# `move` takes the lock of one account, then that of another. One task moves from a to b, one from b to a. Predict, then
# run. The table names two lines; which rule about the *order* of locks makes it hold?


# %%
async def two_accounts():
    a, b = asyncio.Lock(), asyncio.Lock()

    async def move(source, target):
        async with source:
            await asyncio.sleep(0)
            async with target:
                pass

    await asyncio.gather(move(a, b), move(b, a))


# in_every_order(two_accounts)

# %% [markdown]
# ## Modify: a task that does not listen
#
# Give `pay` an `except asyncio.CancelledError: pass` around its wait, and another wait of a second after it. What does
# the picture show, and how does `shop` end now? Then put `asyncio.shield(task)` in place of `task` in `shop`: who waits
# for whom, and what is left behind?

# %%
# async def pay(): ...
# lifelines(shop)

# %% [markdown]
# ## Make: ask once
#
# Three visitors want the same report at the same moment, and it is dear. Write `Once.get`: the first who comes makes
# the report, the others wait for that one, and all get it. It is done when `in_every_order(asked_once)` holds. (What
# has to be kept between two visitors: the report, or the task that makes it? And where must no wait come between?)


# %%
class Once:
    def __init__(self, make):
        self.make = make
        self.report = None

    async def get(self):
        if self.report is None:
            self.report = await self.make()  # three do this, so far
        return self.report


async def asked_once():
    made = 0

    async def make():
        nonlocal made
        made += 1
        await asyncio.sleep(0)
        return "the report"

    once = Once(make)
    got = await asyncio.gather(once.get(), once.get(), once.get())
    assert (got, made) == (["the report"] * 3, 1), f"made {made} times"


in_every_order(asked_once)

# %% [markdown]
# ## Key points
#
# - A race needs no threads: read, wait, write is enough. So is look, wait, act.
# - On a loop others come between only where something really waits. Between threads, anywhere.
# - That it passed says something about the orders that were taken. Force the others.
# - Best is no wait between read and write; then a lock around as little as can be, and the kind that belongs to what
#   waits: `asyncio.Lock` for tasks, `threading.Lock` for threads.
# - A coroutine is a recipe; a task runs. Keep your tasks, in a `TaskGroup` for choice: it ends together.
# - To cancel is to ask. `gather` does not even do that.
#
# **Exercises that belong to it:** `07_fan_out`, `08_timeouts`, `09_lost_update`.
#
# Stop what you started.

# %%
loop.stop()
threads.stop()
display(loop, threads)
