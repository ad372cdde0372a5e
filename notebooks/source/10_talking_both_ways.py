# %% [markdown]
# # 10 · Talking both ways
#
# **Questions.** How does a server speak first, when nobody has asked? What becomes of a chat when one of its readers
# falls asleep? Who keeps what nobody reads?
#
# **You will be able to** choose between server-sent events and a WebSocket, write a chat room, say where the messages
# for a slow reader are at every moment, and decide what a server does when there are too many.
#
# **Time:** 50 minutes. **Before this:** notebooks 02 and 03.

# %%
import os
import time
from itertools import pairwise
from urllib.request import Request

from asyncweb import App, AsyncServer, Broadcast, Event, EventStream, ThreadServer
from asyncweb.lab.direct import urlopen
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.listener import Listener
from asyncweb.lab.reader_queue import ReaderQueue
from websockets.sync.client import connect

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
MESSAGES = 60 if QUICK else 200
SILENT_S = 0.5 if QUICK else 2  # so long nothing is heard: then we say it is silent

# %% [markdown]
# ## News, one after the other
#
# The simplest way to speak first is an answer that does not end. A page asks once; the server answers with an event
# whenever there is one, and the connection stays open. That is called **server-sent events**: plain HTTP, plain text,
# from the server to the client only. A browser reads them with three lines of JavaScript (`new EventSource(url)`).
#
# Here are five pieces of news, one every 200 ms. A client that has heard some already says which one was the last.

# %%
app = App()


# %%
@app.get("/news")
async def news(ctx):
    heard = int(ctx.last_event_id or 0)

    async def items():
        for number in range(heard + 1, 6):
            yield Event(f"news number {number}", id=number)
            await ctx.sleep(0.200)

    return EventStream(items())


loop = AsyncServer(app, name="loop").start()
threads = ThreadServer(app, name="threads").start()
display(loop, threads)

# %% [markdown]
# ## Predict
#
# The whole answer takes a second. When does the client have the first event: `"at once"`, or `"after a second"`, when
# the answer is complete?

# %%
first_event = "after a second"

predict("10.q1", first_event)

# %% [markdown]
# ## Run

# %%
began = time.perf_counter()
came_ms = []
with urlopen(loop.url + "/news") as answer:
    for line in answer:
        if line.startswith(b"data:"):
            came_ms.append(1000 * (time.perf_counter() - began))
        print(line.decode(), end="")
print("came after", ", ".join(f"{ms:.0f}" for ms in came_ms), "ms")
reveal("10.q1", "at once" if came_ms[0] < came_ms[-1] / 2 else "after a second")

# %% [markdown]
# That is all there is to the format: lines of `id:` and `data:`, and an empty line behind each event. Nobody knows how
# long the answer will be, so it goes in pieces.
#
# ## Predict: the train goes into a tunnel
#
# The connection breaks after the second event. The browser comes back by itself, a little later, and says
# `Last-Event-ID: 2`. What is the number of the first event that it hears then?

# %%
first_number = 1

predict("10.q2", first_number)

# %%
with urlopen(Request(loop.url + "/news", headers={"Last-Event-ID": "2"})) as answer:
    first_line = answer.readline().decode()
print(first_line)
reveal("10.q2", int(first_line.removeprefix("id:")))

# %% [markdown]
# Nothing is lost, and nothing is told twice, *because the handler looks at it*. The client only reminds you.
#
# **Checkpoint.** Which of these needs more than server-sent events: `"a clock that ticks"`, `"a game for two"` or
# `"the progress of an upload"`?

# %%
check("10.k1", ...)

# %% [markdown]
# ## Both ways
#
# A **WebSocket** begins as a request. The server answers "101 Switching Protocols", and from then on the connection
# belongs to both: each may send a message at any time. A chat room is a loop: for each message that comes from one,
# send it to all who are there.
#
# `Listener` is a client whose ears you open yourself: it hears a message when you call `hear()`. What you do not let it
# hear stays where it is.

# %%
here = []  # those who are in the room


@app.websocket("/simple")
async def simple_room(ws):
    here.append(ws)
    try:
        await ws.send("welcome")
        async for message in ws:
            for other in list(here):
                await other.send(message)
    finally:
        here.remove(ws)


with Listener(loop.url + "/simple") as ann, Listener(loop.url + "/simple") as bob:
    ann.say("anybody here?")
    print("ann hears", ann.hear())
    print("bob hears", bob.hear())

# %% [markdown]
# Ann hears herself: she is in the room as well. With the `websockets` library it looks like this; a program of your own
# would use that.

# %%
with connect(f"ws://127.0.0.1:{loop.port}/simple", proxy=None) as client:
    client.recv()
    client.send("it is me")
    print(client.recv())

# %% [markdown]
# ## Predict: one of them falls asleep
#
# Now Ann shows pictures: each message has 32 KiB. She says one, hears it, says the next. Cid is in the room too, but
# his telephone sleeps in his pocket: he is connected, and reads nothing.
#
# How many messages does *Ann* hear before the room falls silent? (Or all of them? She has `MESSAGES` pictures.)

# %%
ann_hears = MESSAGES

predict("10.q3", ann_hears)


# %%
def picture(number):
    return f"{number} ".ljust(32 * 1024, "x")


before_silence = 0
with Listener(loop.url + "/simple") as ann, Listener(loop.url + "/simple") as cid:
    for number in range(MESSAGES):
        ann.say(picture(number))
        if ann.hear(SILENT_S) is None:
            break
        before_silence += 1
reveal("10.q3", before_silence)

# %%
shows("10.c1", before_silence / MESSAGES)

# %% [markdown]
# Look at the handler. `await other.send(message)` *waits while the client is slow*: that is right. If it did not wait,
# what Cid does not read would pile up in the server. But it waits **in the `for` that sends to all**. When Cid's
# network is full, that `for` comes to nobody any more. The event loop is not blocked: other pages are still answered.
# Only, in this room one sleeper is enough, and it is dead.
#
# It took a while, though. Where were the messages until then? On the way: the kernel holds some for the sender, some
# for the receiver. The network is a queue too, and nobody sees it.
#
# ## A queue for each
#
# `Broadcast` gives each member a queue of its own. `room.send` puts the message into each queue and does not wait,
# ever. Whoever is slow has a long queue; nobody else notices. Here a queue has 8 places.


# %%
@app.websocket("/chat")
async def chat(ws):
    with room.join(ws, name=ws.query.get("name")):
        await ws.send("welcome")
        async for message in ws:
            room.send(message)


# %% [markdown]
# ## Predict: the same again
#
# Same pictures, same sleeper. How many does Ann hear now?

# %%
ann_hears_now = 20

predict("10.q4", ann_hears_now)

# %%
room = Broadcast(queue=8)
heard = 0
with (
    Listener(loop.url + "/chat?name=ann") as ann,
    Listener(loop.url + "/chat?name=cid") as cid,
):
    queue = ReaderQueue(room, "cid")
    for number in range(MESSAGES):
        ann.say(picture(number))
        heard += ann.hear() is not None
        queue.look()
    woken = [int(message.split()[0]) for message in cid.hear_all()]  # Cid wakes up at last
print(queue)
reveal("10.q4", heard)

# %%
shows("10.c2", heard / MESSAGES)
shows("10.c3", queue.longest)

# %% [markdown]
# ## Investigate: where is what Cid does not hear?
#
# After each message, `queue.look()` has noted how many wait for Cid, and how many were dropped. The picture shows it:
# from left to right, message after message.

# %%
queue.plot()

# %% [markdown]
# First the network fills, as before. Then the queue, all of its 8 places. Then, for each message that comes, one has to
# go. Which one?
#
# ## Predict: Cid wakes up
#
# At the end Cid opened his ears and heard all that was still to be had. Was the *last* message that Ann said among it?
# Put `"yes"` or `"no"`.

# %%
last_one_heard = "no"

predict("10.q5", last_one_heard)

# %%
gaps = [(one, other) for one, other in pairwise(woken) if other > one + 1]
print("Cid hears", woken)
print(*(f"after {one} comes {other}: {other - one - 1} missed" for one, other in gaps), sep="\n")
reveal("10.q5", "yes" if woken[-1] == MESSAGES - 1 else "no")

# %%
shows("10.c4", len(gaps))

# %% [markdown]
# He hears what was in the network already: the oldest. Nobody can take that back. Then there is a gap, and then the
# newest. That is the policy `slow="drop_oldest"`. There are two others: `"drop_newest"`, which keeps what waits, and
# `"disconnect"`, which says goodbye to who is too slow:

# %%
room = Broadcast(queue=8, slow="disconnect")
with (
    Listener(loop.url + "/chat?name=ann") as ann,
    Listener(loop.url + "/chat?name=cid") as cid,
):
    for number in range(MESSAGES):
        ann.say(picture(number))
        ann.hear()
    heard_before_goodbye = len(cid.hear_all())
    goodbye = cid.close_code
print(f"cid hears {heard_before_goodbye} messages, and then the goodbye {goodbye}")

# %%
shows("10.c5", goodbye)

# %% [markdown]
# 1013 means "try again later". It sounds hard, and is often the most honest: the client knows that it has missed
# something, comes back, and asks for the whole state.
#
# **Checkpoint.** Which policy for the prices on a display, where only the newest counts? And which for a document that
# two people write together, where each message changes what the others have made? A list of two.

# %%
check("10.k2", ...)

# %% [markdown]
# ## Predict: and without a limit?
#
# Somebody finds it a pity to drop anything, and makes the queue as long as can be: a million places. Cid sleeps. After
# `MESSAGES` pictures of 32 KiB, how many MiB wait in the server, for him alone?

# %%
waiting_mib = 0.3

predict("10.q6", waiting_mib)

# %%
room = Broadcast(queue=1_000_000)
with (
    Listener(loop.url + "/chat?name=ann") as ann,
    Listener(loop.url + "/chat?name=cid") as cid,
):
    endless = ReaderQueue(room, "cid")
    for number in range(MESSAGES):
        ann.say(picture(number))
        ann.hear()
        endless.look()
reveal("10.q6", endless.last.waiting * 32 / 1024)

# %%
shows("10.c6", endless.last.waiting / queue.longest)

# %%
endless.plot()

# %% [markdown]
# Nothing is dropped, and there is no end to it: as long as Cid sleeps, each message stays. A hundred sleepers have a
# hundred such queues. (The text of a message is there once, and all queues hold it; it can go when the last of them
# lets go of it.) A queue without a limit is a leak with good manners.
#
# **Checkpoint.** In asyncio, `writer.write(data)` does not wait, and `await writer.drain()` does. Somebody leaves out
# `drain`, and "it works". What happens with a client that does not read? Put `"the data is lost"`,
# `"write waits by itself"` or `"memory grows"`.

# %%
check("10.k3", ...)

# %% [markdown]
# > **What could mislead you here.** Cid's ears are made small on purpose, so that you do not have to wait: usually the
# > kernel holds megabytes for a sleeper, and the room falls silent much later, so that no test notices. And a chat of
# > short texts takes hours to fill what pictures fill in a moment. The fault is the same.

# %% [markdown]
# ## Recipes
#
# What a small site needs beside its chat, each in a few lines: a log, leave for the pages of another site (CORS), and
# an upload. `test_client` asks an app without any port.

# %%
site = App()
log = []


# %%
@site.middleware
async def logged(ctx, next):
    response = await next(ctx)
    log.append(f"{ctx.method} {ctx.path} {response.status}")
    return response


@site.middleware
async def cors(ctx, next):
    ctx.response.headers["access-control-allow-origin"] = "https://example.com"
    if ctx.method != "OPTIONS":
        return await next(ctx)
    ctx.response.headers["access-control-allow-methods"] = "GET, POST"
    return b""  # a browser asks first, before it sends anything unusual


@site.post("/upload", stream=True)
async def upload(ctx):
    photo = (await ctx.form()).files["photo"]
    return {"name": photo.filename, "bytes": len(photo.read())}


with site.test_client() as browser:
    answer = browser.post("/upload", files={"photo": ("cat.png", b"\x89PNG...")})
    asked_first = browser.request("OPTIONS", "/upload")
print(answer.json(), answer.headers["access-control-allow-origin"])
print(asked_first.headers["access-control-allow-methods"], log)

# %% [markdown]
# ## Modify: on threads
#
# Let the sleeper sleep in `/simple` again, but on the thread server (`threads.url`). Each client has its own thread
# there. Does the room fall silent nevertheless? Why? And what of `/chat`?

# %%
# with Listener(threads.url + "/simple") as ann, Listener(threads.url + "/simple") as cid: ...

# %% [markdown]
# ## Modify: keep the old ones
#
# In the cell of the queue with 8 places, write `Broadcast(queue=8, slow="drop_newest")`, and run it. What does `woken`
# look like now? For what is that the right policy?

# %%
print(woken)

# %% [markdown]
# ## Modify: rooms within the room
#
# Change `chat` so that `/chat/tea` and `/chat/coffee` do not hear each other: `room.join(ws, topic)` and
# `room.send(message, group=topic)`. The path is `"/chat/{topic}"`, and `ws.params` has it.

# %%
# @app.websocket("/chat/{topic}")

# %% [markdown]
# ## Make: who has missed something
#
# Who comes late wants to know what was said. Write `/history`: who joins is first sent the last 5 messages of the room,
# and then all that come. Mind notebook 09: between "these were the last" and "I am a member" no message may be lost,
# and none told twice. In which order do you join, copy and send? The cell says whether it works.

# %%
late_room = Broadcast(queue=64)
said = []  # what was said so far


@app.websocket("/history")
async def history(ws):
    await ws.send("welcome")
    with late_room.join(ws):
        async for message in ws:
            said.append(message)
            late_room.send(message)


said.clear()
with Listener(loop.url + "/history") as ann:
    for text in ("one", "two", "three"):
        ann.say(text)
        ann.hear()
    with Listener(loop.url + "/history") as bob:
        told = bob.hear_all(0.2)
print("bob is told", told, "- done" if told == ["one", "two", "three"] else "- not yet")

# %% [markdown]
# ## Key points
#
# - Server-sent events: one way, plain HTTP, and the client comes back by itself, with the id of what it heard last.
# - A WebSocket: both ways; each side may speak first.
# - To wait for a slow reader is right for one, and wrong in a loop that serves all: give each reader a queue.
# - A queue has a limit, and a policy for what comes then: drop the oldest, drop the newest, or say goodbye.
# - There is always one more queue that you do not see: the network.
#
# **Exercises that belong to it:** `10_slow_reader`, `11_middleware`, `15_chat`.
#
# Stop what you started.

# %%
loop.stop()
threads.stop()
display(loop, threads)
