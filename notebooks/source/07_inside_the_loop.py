# %% [markdown]
# # 07 · Inside the loop
#
# **Questions.** How can one thread hold a thousand conversations? What is a task, what is a future, and what does
# `await` do? What do uvloop and httptools add?
#
# **You will be able to** build an event loop from nothing but `select` and generators, say what each line of it is for,
# serve an `App` on it, and tell from a measurement what a faster loop makes faster and what it does not.
#
# **Time:** 60 minutes. **Before this:** notebooks 01 and 03.

# %%
import asyncio
import heapq
import inspect
import itertools
import json
import os
import selectors
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection

import httptools
from asyncweb import App, AsyncServer, Request, race
from asyncweb.lab.behind import Behind
from asyncweb.lab.crowd import crowd, stairs
from asyncweb.lab.direct import urlopen
from asyncweb.lab.hand_made import start, stop_all
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.steps import Step, draw_steps, longest_pause

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
VISITORS = 20 if QUICK else 100
SLEEPERS = 100 if QUICK else 1_000
CLIENTS = 10 if QUICK else 20
SECONDS, ROUNDS = (0.8, 1) if QUICK else (12, 6)  # of the race
ASKED, HEADS = (20, 200) if QUICK else (100, 2_000)

# %% [markdown]
# ## What a thread does for us
#
# Here is a conversation. It says something, waits for an answer, says something more, and waits again. (A real one
# would collect whole lines: one `recv` is not one line. Let it be, for today.)


# %%
def ask_and_wish(connection):
    with connection, suppress(ConnectionError):  # a visitor may leave at any time
        connection.sendall(b"What is your name? ")
        name = connection.recv(1024).decode()  # waits
        connection.sendall(f"What do you seek, {name}? ".encode())
        quest = connection.recv(1024).decode()  # waits
        connection.sendall(f"Good luck with {quest}, {name}!".encode())


def serve_threads(listener):
    with suppress(OSError):  # the listener was closed
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=ask_and_wish, args=(connection,), daemon=True).start()


# %% [markdown]
# ### Predict: how many threads
#
# `VISITORS` visitors come and are asked for their name. None of them answers yet. How many threads wait for them?

# %%
predict("07.q1", 1)

# %%
threads = start(serve_threads)

threads_before = threading.active_count()
visitors = [socket.create_connection(threads.address) for _ in range(VISITORS)]
questions = [visitor.recv(1024) for visitor in visitors]
threads_now = threading.active_count()
for visitor in visitors:
    visitor.close()
threads.stop()

print(questions[0].decode())
reveal("07.q1", threads_now - threads_before)

# %% [markdown]
# Each thread stands still, and yet it is of use. It **remembers**: that the next thing to do is to read a name, that
# `connection` is this visitor's, and later that `name` is Ada. Whoever wants to do with fewer threads has to remember
# all that in another way. This notebook is about how.
#
# ## Step 1: ask who is ready
#
# To wait for many at once with one thread, there is a call of the operating system. You hand it a set of sockets, and
# it returns when at least one of them is ready. Python has it as a *selector*.
#
# ### Predict: three sockets, two messages
#
# 1. Three sockets are registered. Something has come for two of them. How many does `select()` give?
# 2. We read nothing, and call `select()` again at once. How many does it give now?

# %%
predict("07.q2", 1)

# %%
predict("07.q3", 0)

# %%
with selectors.DefaultSelector() as asker:
    pairs = {name: socket.socketpair() for name in ("Ada", "Bob", "Cleo")}
    for name, (ours, _) in pairs.items():
        asker.register(ours, selectors.EVENT_READ, data=name)

    for name in ("Ada", "Cleo"):
        pairs[name][1].sendall(b"hello")

    ready = [key.data for key, _ in asker.select(timeout=1)]
    ready_again = [key.data for key, _ in asker.select(timeout=1)]

for ours, theirs in pairs.values():
    ours.close()
    theirs.close()

print(ready, ready_again)
display(reveal("07.q2", len(ready)))
display(reveal("07.q3", len(ready_again)))

# %% [markdown]
# `select` reads nothing. It says of whom a `recv` would return at once. So from here on nobody calls `recv` and hopes:
# we ask first, and then read from those who are ready.
#
# ## Step 2: callbacks
#
# With each socket we register *what to do* when it is ready: a function. The loop is four lines.

# %%
selector = selectors.DefaultSelector()


def when_readable(sock, callback):
    selector.register(sock, selectors.EVENT_READ, callback)


def turn(timeout=1):
    for key, _ in selector.select(timeout):
        selector.unregister(key.fileobj)  # a callback is for one time
        key.data(key.fileobj)


# %% [markdown]
# Now the conversation. It cannot stay one function: where it would wait, it has to return, so that the loop can serve
# the others. What comes after the wait becomes the next callback.


# %%
def greet(connection):
    connection.sendall(b"What is your name? ")
    when_readable(connection, got_name)


def got_name(connection):
    name = connection.recv(1024).decode()
    connection.sendall(f"What do you seek, {name}? ".encode())
    when_readable(connection, partial(got_quest, name))  # or it would be forgotten


def got_quest(name, connection):
    quest = connection.recv(1024).decode()
    connection.sendall(f"Good luck with {quest}, {name}!".encode())
    connection.close()


# %% [markdown]
# You are the loop's motor here: each `turn()` is one turn of it. Two visitors, one thread, nobody stands still.

# %%
(ours_ada, ada), (ours_bob, bob) = socket.socketpair(), socket.socketpair()
greet(ours_ada)
greet(ours_bob)

bob.sendall(b"Bob")
turn()  # only Bob has answered
ada.sendall(b"Ada")
bob.sendall(b"tea")
turn()  # both have
ada.sendall(b"a proof")
turn()

for visitor in (ada, bob):
    print(visitor.recv(1024).decode())
    visitor.close()

# %% [markdown]
# It works, with any number of visitors, and many fast servers were written like this. But read the conversation once
# more. It is in three pieces, and `name` has to be carried from one to the next by hand. Think of a loop around it, or
# a `try`.
#
# **Checkpoint.** What did the thread keep for us that callbacks have to carry themselves: `"the socket"`, `"the place
# and the variables"` or `"the bytes that came"`?

# %%
check("07.k1", ...)

# %% [markdown]
# ## Step 3: generators
#
# Python has something that keeps a place and variables, and costs no thread: a function with `yield`. It stops at the
# `yield`, keeps all it has, and goes on from there with the next `next()`. So write the conversation in one piece
# again, and let it `yield` the socket that it wants to wait for.


# %%
def ask_and_wish(connection):
    with connection, suppress(ConnectionError):  # a visitor may leave at any time
        connection.sendall(b"What is your name? ")
        yield connection  # wake me when it is ready
        name = connection.recv(1024).decode()
        connection.sendall(f"What do you seek, {name}? ".encode())
        yield connection
        quest = connection.recv(1024).decode()
        connection.sendall(f"Good luck with {quest}, {name}!".encode())


def visit(name, connection, *answers):
    with connection:
        for answer in answers:
            yield connection
            print(f"{name} hears: {connection.recv(1024).decode()}")
            connection.sendall(answer.encode())
        yield connection
        print(f"{name} hears: {connection.recv(1024).decode()}")


# %% [markdown]
# Compare it with the first version: two lines more, and the thread is gone. The visitors are generators, too. Now the
# loop: whoever is in `ready` makes one step, up to its next `yield`; what it yields is registered, with the generator
# itself in the place of a callback.


# %%
def run(*generators):
    with selectors.DefaultSelector() as selector:
        ready = deque(generators)
        while ready or selector.get_map():
            if not ready:
                for key, _ in selector.select():
                    selector.unregister(key.fileobj)
                    ready.append(key.data)
            generator = ready.popleft()
            with suppress(StopIteration):  # it has come to its end
                selector.register(next(generator), selectors.EVENT_READ, generator)


(ours_ada, ada), (ours_bob, bob) = socket.socketpair(), socket.socketpair()
run(
    ask_and_wish(ours_ada),
    ask_and_wish(ours_bob),
    visit("Ada", ada, "Ada", "a proof"),
    visit("Bob", bob, "Bob", "tea"),
)

# %% [markdown]
# Four generators, one thread, and they take turns. The switch happens at `yield` and nowhere else.
#
# ## Step 4: timers
#
# Waiting for a socket is one thing, waiting for a moment the other. A loop keeps a list of moments, each with who is to
# be woken, and needs only one of them at a time: the nearest. A *heap* is a list which has its smallest element first;
# `heappush` and `heappop` keep it so, at a small price.
#
# This loop can only sleep. A generator yields how many seconds it wants to; the loop records each step, so that we can
# draw it afterwards.


# %%
def run_timers(generators):
    steps, timers, numbers = [], [], itertools.count()
    ready = deque(generators.items())
    while ready or timers:
        if not ready:
            time.sleep(max(0, timers[0][0] - time.monotonic()))  # until the nearest moment
            ready.append(heapq.heappop(timers)[2])
        name, generator = ready.popleft()
        began = time.perf_counter()
        with suppress(StopIteration):
            moment = time.monotonic() + next(generator)
            # Of two equal moments the first comes first. Generators cannot be compared.
            heapq.heappush(timers, (moment, next(numbers), (name, generator)))
        steps.append(Step(name, began, time.perf_counter()))
    return steps


# %% [markdown]
# ### Predict: many sleepers
#
# `SLEEPERS` generators sleep for 0.2 seconds each, on one thread. After how many seconds is the last of them done?

# %%
predict("07.q4", SLEEPERS * 0.2)


# %%
def sleeper():
    yield 0.2


began = time.perf_counter()
run_timers({number: sleeper() for number in range(SLEEPERS)})
took = time.perf_counter() - began

display(reveal("07.q4", took))
shows("07.c1", took)

# %% [markdown]
# ### Predict: one of them is rude
#
# Two generators are `polite`: they ask the loop for many short sleeps. A third one is `rude`: in the middle of its work
# it calls `time.sleep(0.2)`, without a `yield`. Whom does that stop: `"rude"` alone, or `"everybody"`?

# %%
predict("07.q5", "rude")


# %%
def polite(rounds):
    for _ in range(rounds):
        yield 0.02


def rude():
    yield 0.1
    time.sleep(0.2)
    yield 0.1


steps = run_timers({"polite one": polite(20), "rude": rude(), "polite two": polite(20)})
pause = longest_pause(steps, "polite one")

display(draw_steps(steps))
display(reveal("07.q5", "everybody" if pause >= 0.2 else "rude"))
shows("07.c2", pause)

# %% [markdown]
# The thick bar is the sleep that the loop was not asked for. The polite ones are not interrupted by it: they are *not
# called*. A loop has no power over a step; it gets its turn when the step ends.
#
# ## Step 5: a future
#
# Generators would do. But a conversation wants to call another one and wait for its result, and the reader wants to see
# which `yield` is a wait. For that Python has a kind of their own, the coroutine: `async def`, and `await` in the place
# of `yield from`.
#
# What does one await, at the very bottom? An object that stands for a value which is not there yet, and which knows
# whom to call when it comes. This is a **future**, and it is the only thing in our whole loop with a `yield` in it.
# (`await x` calls `x.__await__()`, and hands on what that yields.)


# %%
class Future:
    """A value that is not there yet, and those who wait for it."""

    def __init__(self):
        self.done, self.value, self.waiting = False, None, []

    def set_result(self, value=None):
        self.done, self.value = True, value
        for wake in self.waiting:
            wake()

    def __await__(self):
        if not self.done:
            yield self  # up through every await, to whoever runs the coroutine
        return self.value


# %% [markdown]
# ### Predict: a coroutine is called
#
# The next cell but one calls a coroutine function: `coroutine = patient(Future())`. How much of it has run after that:
# `"nothing"`, or `"its first line"`?

# %%
predict("07.q6", "its first line")

# %%
noted = []


async def patient(future):
    noted.append("I wait.")
    value = await future
    noted.append(f"I got {value}.")
    return value * 2


coroutine = patient(Future())
happened = "its first line" if noted else "nothing"
coroutine.close()  # or Python would warn of a coroutine that "was never awaited"

reveal("07.q6", happened)

# %% [markdown]
# Somebody has to *run* a coroutine, and today that is you. `send(None)` makes one step, and gives what the `yield` at
# the bottom has yielded.

# %%
future = Future()
coroutine = patient(future)

yielded = coroutine.send(None)  # up to the await
print(yielded is future, noted)

future.set_result(21)  # what it waited for has come
try:
    coroutine.send(None)  # to its end
except StopIteration as end:
    print(end.value, noted)

# %% [markdown]
# ## Step 6: a task
#
# A **task** does for a coroutine what you have just done by hand: makes a step, gets a future, and asks it to be woken
# for the next step. When the coroutine has ended, there is a result, and maybe somebody waits for that. So a task is a
# future itself.


# %%
class Task(Future):
    """Runs a coroutine, step by step; its value is what the coroutine returns."""

    def __init__(self, coroutine):
        super().__init__()
        self.coroutine = coroutine

    def step(self):
        try:
            future = self.coroutine.send(None)
        except StopIteration as end:
            self.set_result(end.value)
        else:
            future.waiting.append(self.step)


# %% [markdown]
# **Checkpoint.** Read `Future.__await__` again. A task awaits a future that is done already. Does the loop get a turn
# at that `await`: `"yes"` or `"no"`?

# %%
check("07.k2", ...)

# %% [markdown]
# ## Step 7: the motor
#
# All parts are there. First the motor of the loop, which is step 2 and step 4 in one: it holds callbacks for the next
# turn, a heap of callbacks for later, and a selector with callbacks for sockets. It calls each when it is due. Look for
# a coroutine in it: there is none.


# %%
class Motor:
    def __init__(self):
        self.ready = deque()  # to be called in the next turn
        self.timers = []  # a heap of (moment, number, callback)
        self.numbers = itertools.count()
        self.selector = selectors.DefaultSelector()

    def call_later(self, seconds, callback):
        moment = time.monotonic() + seconds
        heapq.heappush(self.timers, (moment, next(self.numbers), callback))

    def call_when(self, sock, event, callback):
        self.selector.register(sock, event, callback)

    def patience(self):
        if self.ready:
            return 0
        return max(0, self.timers[0][0] - time.monotonic()) if self.timers else None

    def wait(self):
        if not self.selector.get_map():
            time.sleep(self.patience())  # Windows refuses to select among no sockets
            return []
        return self.selector.select(self.patience())

    def turn(self):
        for key, _ in self.wait():
            self.selector.unregister(key.fileobj)
            self.ready.append(key.data)
        while self.timers and self.timers[0][0] <= time.monotonic():
            self.ready.append(heapq.heappop(self.timers)[2])
        for _ in range(len(self.ready)):  # what these add is for the next turn
            self.ready.popleft()()

    def go(self):
        while self.ready or self.timers or self.selector.get_map():
            self.turn()


# %%
motor = Motor()
motor.call_later(0.02, lambda: print("later"))
motor.call_later(0.01, lambda: print("sooner"))
motor.ready.append(lambda: print("at once"))
motor.go()

# %% [markdown]
# Only `wait` ever waits: for all sockets at once, and not longer than to the nearest moment. So one thread is enough,
# as long as nothing else waits in it.
#
# ## Step 8: the loop
#
# A loop is a motor that knows coroutines. Each way to wait is the same three lines: make a future, leave word where it
# will be found, await it. The word to be left is `future.set_result`, a callback like any other.


# %%
class Loop(Motor):
    def create_task(self, coroutine):
        task = Task(coroutine)
        self.ready.append(task.step)
        return task

    def run(self, coroutine):
        task = self.create_task(coroutine)
        self.go()
        self.selector.close()
        return task.value

    async def sleep(self, seconds):
        future = Future()
        self.call_later(seconds, future.set_result)
        await future

    async def is_ready(self, sock, event):
        future = Future()
        self.call_when(sock, event, future.set_result)
        await future

    async def sock_accept(self, listener):
        await self.is_ready(listener, selectors.EVENT_READ)
        connection, address = listener.accept()
        connection.setblocking(False)  # send what there is room for, and say how much that was
        return connection, address

    async def sock_recv(self, connection, size):
        await self.is_ready(connection, selectors.EVENT_READ)
        return connection.recv(size)

    async def sock_sendall(self, connection, data):
        while data:
            await self.is_ready(connection, selectors.EVENT_WRITE)
            data = data[connection.send(data) :]


# %% [markdown]
# One turn of it, from left to right, again and again:
#
# ```
#   wait()  ──>  futures whose wait is over  ──>  steps of the tasks that waited for them
#     ▲                                                               │
#     └───────  new futures, in the selector or on the heap  <────────┘
# ```
#
# Let two tasks count, each at its own pace.

# %%
loop = Loop()
began = time.perf_counter()


async def count(name, seconds):
    for number in range(1, 4):
        await loop.sleep(seconds)
        print(f"{1e3 * (time.perf_counter() - began):4.0f} ms  {name} {number}")
    return name


async def main():
    slow, fast = loop.create_task(count("slow", 0.05)), loop.create_task(count("fast", 0.03))
    return await slow, await fast


loop.run(main())

# %% [markdown]
# **Checkpoint.** A coroutine says `await loop.sleep(0.1)`, and in its next line `await loop.sleep(0.1)` again. After
# how many seconds has it done both?

# %%
check("07.k3", ...)

# %% [markdown]
# ## Step 9: an App on your loop
#
# What is left is HTTP. Notebook 01 has cut requests out of the stream by hand. Most servers leave that to a parser
# written in C; ours is `httptools`, which calls our methods as it finds things. The two are built alike, so that we can
# put one in the place of the other: bytes in, whole requests out.


# %%
class ByHand:
    def __init__(self):
        self.received = b""

    def feed(self, data):
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            line, *fields = head.split(b"\r\n")
            method, target, _ = line.decode().split(" ")
            yield Request(method, target, [tuple(field.split(b": ", 1)) for field in fields])


class ByHttptools:
    def __init__(self):
        self.parser, self.found = httptools.HttpRequestParser(self), []

    def feed(self, data):
        self.parser.feed_data(data)
        found, self.found = self.found, []
        return found

    def on_message_begin(self):
        self.target, self.headers = b"", []

    def on_url(self, piece):
        self.target += piece

    def on_header(self, name, value):
        self.headers.append((name, value))

    def on_message_complete(self):
        method = self.parser.get_method().decode()
        self.found.append(Request(method, self.target.decode(), self.headers))


# %%
STREAM = b"GET /one HTTP/1.1\r\nHost: here\r\n\r\nGET /two HTTP/1.1\r\nHost: here\r\n\r\n"

for parser in (ByHand(), ByHttptools()):
    found = [request for byte in STREAM for request in parser.feed(bytes([byte]))]
    print(type(parser).__name__, found)

# %% [markdown]
# The server is the twin of notebook 01, nearly word for word; only that it is told which loop to use. `Behind` asks the
# app, and `ctx.sleep` in a handler becomes **your** `sleep`.

# %%
app = App()


# %%
@app.get("/")
def home(ctx):
    return "Hello World"


@app.get("/users/{id:int}")
async def user(ctx):
    await ctx.sleep(0.050)  # a database, for fifty milliseconds
    return {"id": ctx.params["id"], "name": "User"}


@app.get("/work")
def work(ctx):
    began = time.perf_counter()
    sum(range(100_000))  # no waiting at all
    return {"ms": 1e3 * (time.perf_counter() - began)}


def spell(response):
    head = f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}\r\n"
    for name, value in response.headers.fields():
        head += f"{name}: {value}\r\n"
    return f"{head}content-length: {len(response.body)}\r\n\r\n".encode() + response.body


async def converse(loop, connection, parser, behind):
    with connection, suppress(ConnectionError):  # a client may leave in the middle of anything
        while data := await loop.sock_recv(connection, 65536):
            for request in parser.feed(data):
                response = await behind.respond(request)
                await loop.sock_sendall(connection, spell(response))


async def serve(loop, listener, make_parser, behind):
    listener.setblocking(False)
    tasks = []  # asyncio may forget a task that nobody holds
    with suppress(OSError):  # the listener was closed
        while True:
            connection, _ = await loop.sock_accept(listener)
            tasks.append(loop.create_task(converse(loop, connection, make_parser(), behind)))


# %%
def on_my_loop(listener, make_parser=ByHttptools, make_loop=Loop):
    loop = make_loop()
    loop.run(serve(loop, listener, make_parser, Behind(app, sleep=loop.sleep)))


mine = start(on_my_loop)
mine

# %% [markdown]
# Click the link. This answer comes from an `App`, through a task, on a loop, and you have read every line of the last
# two.
#
# ### Predict: a crowd on your loop
#
# `CLIENTS` clients ask for `/users/1` at the same moment; each request sleeps 50 ms. After how many milliseconds is the
# **last** of them answered?

# %%
predict("07.q7", CLIENTS * 50)

# %%
found = crowd(mine.url + "/users/1", CLIENTS)
all_waits_s = CLIENTS * 0.050

display(stairs({"your own loop": found}))
display(reveal("07.q7", 1e3 * found.last_s))
shows("07.c3", found.last_s / all_waits_s)

# %% [markdown]
# ## Step 10: the loops of others
#
# `sock_accept`, `sock_recv`, `sock_sendall`, `create_task`: you may have wondered about the names. They are asyncio's.
# So the **same** `serve`, without a changed letter, runs on the loop of the standard library, and on uvloop, a loop in
# Cython around libuv, the C library that Node.js stands on.


# %%
def on_asyncio(listener, loop_factory=asyncio.SelectorEventLoop):
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        loop = runner.get_loop()
        runner.run(serve(loop, listener, ByHttptools, Behind(app, sleep=asyncio.sleep)))


servers = {"my loop": mine, "asyncio": start(on_asyncio)}
with suppress(ImportError):  # there is no uvloop for Windows
    import uvloop

    servers["uvloop"] = start(on_asyncio, uvloop.new_event_loop, name="on uvloop")
servers["AsyncServer"] = AsyncServer(app).start()
servers

# %% [markdown]
# All the parts that you have made are in the standard library, by the same names or nearly so:
#
# | yours | asyncio's |
# |---|---|
# | `Future`, `Task`, `Task.step` | `Future`, `Task`, `Task.__step` |
# | `Motor.turn`, `Motor.patience` | `BaseEventLoop._run_once` |
# | `Motor.ready`, `Motor.timers` | `BaseEventLoop._ready`, `BaseEventLoop._scheduled` |
# | `Motor.call_later`, `Motor.call_when` | `call_later`, `add_reader` |
#
# **Investigate.** Here is asyncio's turn, as it runs in this notebook at this moment. Find the heap in it, the
# patience, the `select`, and the loop that calls only what was there when it began.

# %%
print(inspect.getsource(asyncio.BaseEventLoop._run_once))

# %% [markdown]
# `AsyncServer` is the server of this package. It runs on uvloop as well, but it does not `await` bytes: it is *called*
# with them, as in step 2. And it knows a hundred things that ours does not: limits, timeouts, streams, errors.
#
# ### Predict: three loops, one server
#
# All of them serve `/`, a handler that does next to nothing.
#
# 1. On which loop does `serve` answer the most requests: `"my loop"`, `"asyncio"` or `"uvloop"`?
# 2. How many times as many requests as on your loop does `AsyncServer` answer?

# %%
predict("07.q8", "uvloop")

# %%
predict("07.q9", 10)

# %%
addresses = {name: server.url for name, server in servers.items()}
report = race(addresses, path="/", connections=CLIENTS, duration=SECONDS, rounds=ROUNDS)
report

# %%
rates = {name: server.throughput_rps for name, server in report.items()}
called = rates.pop("AsyncServer")

print({name: f"{rate / rates['my loop']:.2f} times my loop" for name, rate in rates.items()})
display(reveal("07.q8", max(rates, key=rates.get)))
display(reveal("07.q9", called / rates["my loop"]))

# %% [markdown]
# Whichever of the three has won: a loop in C does not make `serve` fast by itself. For each `await
# loop.sock_recv(...)`, a loop makes a future, has the socket watched, and wakes a task, and uvloop and asyncio take
# more care about each of these than yours. What is really fast with uvloop is to be *called* with the bytes, and to
# await nothing: no future, no task, and the socket stays registered. That is what `AsyncServer` does, and it is why
# callbacks have not died out.
#
# **Investigate.** How often is a socket registered for one request on your loop, and how many turns does it take? Say a
# number for each, then count. (Each registration is a call of the operating system, like `recv` and `send`, and so is
# its end.)


# %%
class Counting(Loop):
    registered = turns = 0

    def call_when(self, *wait):
        Counting.registered += 1
        super().call_when(*wait)

    def turn(self):
        Counting.turns += 1
        super().turn()


counted = start(on_my_loop, ByHttptools, Counting, name="counted")
client = HTTPConnection(*counted.address)
for _ in range(ASKED):
    client.request("GET", "/")
    client.getresponse().read()
client.close()
counted.stop()

print(f"{Counting.registered} registrations and {Counting.turns} turns for {ASKED} requests")
shows("07.c4", Counting.registered / ASKED)

# %% [markdown]
# ### Predict: a faster loop, a slower handler
#
# Now `/work`, a handler that adds up a hundred thousand numbers, and says how long that took *itself*. How many times
# as long does the handler take on your loop as on `AsyncServer`, with its loop in C?

# %%
predict("07.q10", 2)


# %%
def handler_ms(server):
    """The handler's own time, the best of many: whatever disturbs only adds to it."""
    found = []
    for _ in range(ASKED):
        with urlopen(server.url + "/work") as reply:
            found.append(json.load(reply)["ms"])
    return min(found)


times = handler_ms(mine) / handler_ms(servers["AsyncServer"])
display(reveal("07.q10", times))
shows("07.c5", times)

# %% [markdown]
# A loop, a parser, a server: they make the way *to* the handler shorter, and the way back. The handler itself runs in
# the same Python as before.
#
# ### Predict: a parser in C
#
# One last part. Without a network, in one thread: a head as a browser sends it goes through both parsers. How many
# times as fast is `ByHttptools`, whose parser is in C?

# %%
predict("07.q11", 10)

# %%
SMALL = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
LARGE = SMALL[:-2] + b"".join(b"X-Field-%d: %b\r\n" % (n, b"v" * 40) for n in range(12)) + b"\r\n"


def microseconds(head):
    """For each parser, the best of several turns that they take in turn."""
    found = {ByHand: [], ByHttptools: []}
    for _ in range(10):
        for make_parser, took in found.items():
            parser, began = make_parser(), time.perf_counter()
            for _ in range(HEADS):
                list(parser.feed(head))
            took.append(1e6 * (time.perf_counter() - began) / HEADS)
    return [min(took) for took in found.values()]


for size, head in {"small": SMALL, "large": LARGE}.items():
    by_hand, by_httptools = microseconds(head)
    print(f"{size} head: {by_hand:5.2f} µs by hand, {by_httptools:5.2f} µs by httptools")

display(reveal("07.q11", by_hand / by_httptools))
shows("07.c6", by_hand / by_httptools)

# %% [markdown]
# Each header that a parser in C finds costs a call back into Python, so it cannot run away from a few lines of Python
# which use `split`, itself written in C. What it gives you, before speed, is that it is *right*: bodies, chunks, and
# the hundred ways to be attacked by a malformed head.
#
# **Investigate.** `start(on_my_loop, ByHand, name="by hand")` is your loop with the other parser. Race it against
# `mine`. Does a difference of microseconds show, beside all that a request costs besides?
#
# > **What could mislead you here.** Your loop looks good beside the others because it does so little. It has no
# > timeouts, no limits and no answer for errors; an exception in one task ends it for all. And all servers of the race
# > lived in this notebook's process and shared its one interpreter lock with the live view, so the figures are good for
# > comparing them, and for nothing else. Where two of them are close, race them again before you believe it.
#
# ## Modify: send first, ask later
#
# A socket can nearly always take a small answer at once. So let `sock_sendall` first try to `send`, and wait only for
# what is left (`BlockingIOError` says that there is no room at all). Race it against your first loop. What did you
# save?


# %%
class Eager(Loop):
    async def sock_sendall(self, connection, data):
        await super().sock_sendall(connection, data)  # yours


# eager = start(on_my_loop, ByHttptools, Eager, name="eager")
# race({"first": mine.url, "eager": eager.url}, path="/", connections=CLIENTS, duration=4)

# %% [markdown]
# ## Modify: both at once
#
# This takes twice as long as it must. Change `both` so that the two sleeps overlap, with what `Loop` has.

# %%
loop = Loop()


async def both():
    await loop.sleep(0.1)
    await loop.sleep(0.1)


began = time.perf_counter()
loop.run(both())
print(f"{time.perf_counter() - began:.1f} s")

# %% [markdown]
# ## Modify: an error ends one task, not the loop
#
# Let a coroutine raise in the middle of its work: the exception leaves `step`, then `turn`, then `go`, and all the
# others are lost with it. Where would you catch it, and where would you keep it, so that whoever *awaits* the task gets
# it raised there? (`CarefulLoop` makes tasks of the new kind.)


# %%
class CarefulTask(Task):
    def step(self):
        super().step()  # yours

    def __await__(self):
        return super().__await__()  # and yours


class CarefulLoop(Loop):
    def create_task(self, coroutine):
        task = CarefulTask(coroutine)
        self.ready.append(task.step)
        return task


# %% [markdown]
# ## Make: an event
#
# Many tasks wait until something has happened once, and then all go on: `await event.wait()`, and somewhere
# `event.set()`. You need `Future`, and not one line of the loop.


# %%
class Event:
    async def wait(self):
        pass  # yours

    def set(self):
        pass  # yours


# %% [markdown]
# ## Key points
#
# - A thread that waits is of use for what it remembers: its place and its variables. A generator remembers the same,
#   and costs no thread.
# - A loop waits in one place: in `select`, for all sockets at once, until the nearest moment at the latest.
# - A future is a value that is not there yet. A task makes the steps of a coroutine, each when the future it waits for
#   is done.
# - The switch is at an `await` that has to wait, and nowhere else. Between two of them nobody can interrupt you, and
#   you stop everybody.
# - A faster loop makes the way to the handler shorter, and never the handler.
#
# **Exercises that belong to it:** 05_async_twin, 06_find_the_blocker, 08_timeouts.
#
# Stop what you started. Nothing is left afterwards: no thread, no socket, no process.

# %%
stop_all()
servers["AsyncServer"].stop()
selector.close()
servers
