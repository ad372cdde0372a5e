# %% [markdown]
# # 01 · A server by hand
#
# **Questions.** What is a web server, when nobody has written it for you? What does it read, what does it write, and
# how does it know that it has read enough?
#
# **You will be able to** write a server on a bare socket, say why one `recv` is not one request, write the same server
# a second time with `await`, and put an `App` behind both.
#
# **Time:** 45 minutes. **Before this:** notebook 00; Python functions, `with`, and `bytes` such as `b"GET"`.

# %%
import asyncio
import os
import socket
import threading
from contextlib import suppress
from http import HTTPStatus

from asyncweb import App, AsyncServer, Request
from asyncweb.lab.behind import Behind
from asyncweb.lab.crowd import crowd, stairs
from asyncweb.lab.direct import urlopen
from asyncweb.lab.hand_made import start, stop_all
from asyncweb.lab.lesson import check, predict, reveal, shows

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works
CLIENTS = 8 if QUICK else 12
SILENT = 20 if QUICK else 50

# %% [markdown]
# ## A socket that listens
#
# A *socket* is a program's end of a connection. The connection itself is kept by the operating system: it moves the
# bytes, stores what has arrived, and gives it out when the program asks.
#
# A server needs two kinds of them. One *listens*: it has an address, and clients come to it. For each client that has
# come, `accept()` then gives a second socket, which is the connection with that one client.
#
# ### Predict: nobody at the door
#
# Below, a socket listens, and the program never calls `accept()`. A client connects all the same. Will it be
# `"refused"`, will it have to `"wait"`, or will it be `"connected"`? Put your answer in place of ours, then run on.

# %%
predict("01.q1", "wait")

# %%
with socket.create_server(("127.0.0.1", 0)) as listener:  # port 0: the system picks a free one
    try:
        with socket.create_connection(listener.getsockname(), timeout=1) as visitor:
            visitor.sendall(b"Is anybody there?")
        happened = "connected"
    except ConnectionRefusedError:
        happened = "refused"
    except TimeoutError:
        happened = "wait"

reveal("01.q1", happened)

# %% [markdown]
# The operating system has opened the door in our name. It keeps a queue of clients whom the program has not fetched
# yet, the *backlog*, and even takes in what they send. So a client that is connected knows nothing about the program
# behind the door: it may be busy, it may have hung for a week.
#
# ## What a client says
#
# Now with `accept()`. In the next cell one program plays both sides, so that you see all of it: the client sends an
# HTTP request, and the server looks at what came.

# %%
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
connection, _ = listener.accept()  # the server's end; the address of the client we do not need

client.sendall(b"GET /hello?name=Ada HTTP/1.1\r\nHost: here\r\nUser-Agent: me\r\n\r\n")

for line in connection.recv(1024).splitlines(keepends=True):
    print(line)

# %% [markdown]
# That is all there is to it: lines of text. The first says what is wanted, each of the others is a header, and **an
# empty line** ends the head. An answer looks the same, with a body behind its empty line. So we can answer by hand.

# %%
connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nHello, Ada")

print(client.recv(1024).decode())

# %% [markdown]
# `Content-Length` is needed because the connection stays open: without it, the client could not know where this answer
# ends.
#
# **Investigate.** Run the last cell three times in a row. Then take the `Content-Length` out of the answer, and say
# what a browser would have to do. (It waits, until the connection is closed.)
#
# ## One `recv` is not one request
#
# `recv(1024)` means: give me what has arrived, at most 1,024 bytes of it, and wait only while there is nothing at all.
# The next cell takes two sockets that are connected with each other, which is all we need for this.
#
# ### Predict: in two pieces, and three at once
#
# 1. The client sends `GET /hel` and then nothing for a while. The server calls `recv(1024)`. Does it get `"a piece"`,
#    does it get `"the request"`, or `"an error"`?
# 2. The client sends three small requests, one right after the other, by three calls of `sendall`. Then the server
#    calls `recv(1024)` once. How many requests does that give?

# %%
predict("01.q2", "the request")

# %%
predict("01.q3", 1)

# %%
END = b"\r\n\r\n"  # the end of the last line, and the empty line

near, far = socket.socketpair()
with near, far:
    far.sendall(b"GET /hel")
    first = near.recv(1024)
    far.sendall(b"lo HTTP/1.1\r\n\r\n")
    second = near.recv(1024)

    for path in (b"/a", b"/b", b"/c"):
        far.sendall(b"GET %b HTTP/1.1\r\n\r\n" % path)
    at_once = near.recv(1024)

print(first, second, at_once, sep="\n")

# %%
display(reveal("01.q2", "the request" if END in first else "a piece"))
display(reveal("01.q3", at_once.count(END)))

# %% [markdown]
# A connection is a **stream**: a tube full of bytes, without seams. What goes in by one `sendall` may come out by
# several `recv`, and the other way round:
#
# ```
# sent       │GET /hel│lo HTTP/1.1 ⏎⏎│GET /a HTTP/1.1 ⏎⏎│GET /b HTTP/1.1 ⏎⏎│GET /c HTTP/1.1 ⏎⏎│
# received   │GET /hel│lo HTTP/1.1 ⏎⏎│GET /a HTTP/1.1 ⏎⏎ GET /b HTTP/1.1 ⏎⏎ GET /c HTTP/1.1 ⏎⏎│
# ```
#
# Where the cuts fall is a matter of packets, of timing, and of how busy both sides are. So a server may believe nothing
# about cuts. It collects bytes, and looks in *them* for the end of a request.
#
# **Checkpoint.** When does a server know that it has read the whole head of a request? The cell says nothing when you
# are right. Choose one of
#
# - `"recv has returned"`,
# - `"recv gave less than it was asked for"`,
# - `"an empty line has come"`,
# - `"the client has closed"`.

# %%
check("01.k1", ...)

# %% [markdown]
# ## Read requests, however they were cut
#
# `parse` takes one head apart. `requests` gives out each request of one client: it adds what comes to what it has, and
# as long as there is a whole head in it, that one is next. (`yield` hands one request out; when the next is asked for,
# the function goes on where it was. Notebook 07 makes a lot of that.)


# %%
def parse(head):
    line, *fields = head.split(b"\r\n")
    method, target, _ = line.decode().split(" ")
    headers = [tuple(field.split(b": ", 1)) for field in fields]
    return Request(method, target, headers)


def requests(connection):
    received = b""
    while data := connection.recv(1024):  # b"" means: the client will send no more
        received += data
        while END in received:
            head, _, received = received.partition(END)
            yield parse(head)


# %% [markdown]
# Two `while`, one inside the other, and both are needed: the outer one for a request in many pieces, the inner one for
# many requests in one piece. Let us not believe that, but cut a stream of two requests at *every* place. `requests`
# needs a connection only for its `recv`, so anything with a `recv` will do.

# %%
STREAM = b"GET /one HTTP/1.1\r\nHost: here\r\n\r\nGET /two HTTP/1.1\r\nHost: here\r\n\r\n"


class Pieces:
    """In the place of a connection: each `recv` gives the next piece."""

    def __init__(self, *pieces):
        self.pieces = [*pieces, b""]

    def recv(self, size):
        return self.pieces.pop(0)


def read_from(*pieces):
    return [request.path for request in requests(Pieces(*pieces))]


places = range(1, len(STREAM))
right = [read_from(STREAM[:place], STREAM[place:]) == ["/one", "/two"] for place in places]
print(f"cut at {len(places)} places, {sum(right)} times right;", end=" ")
print("byte by byte:", read_from(*(bytes([byte]) for byte in STREAM)))
shows("01.c1", sum(right) / len(places))

# %% [markdown]
# ## The server
#
# Three things are left: what to answer, how to talk with one client, and the door. With the two functions above, this
# is a whole web server, in about 25 lines.


# %%
def answer(request):
    body = f"You asked for {request.path}\n".encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def converse(connection, answer):
    with connection, suppress(ConnectionError):  # a client may leave in the middle of anything
        for request in requests(connection):
            connection.sendall(answer(request))


def serve_blocking(listener, answer):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:  # the listener was closed
            return
        converse(connection, answer)


# %% [markdown]
# `serve_blocking` runs until its listener is closed, and would keep this cell for so long. `start` runs it in a thread,
# with a listener of its own; `stop` closes that.

# %%
blocking = start(serve_blocking, answer)

with urlopen(blocking.url + "/by/hand") as reply:
    print(reply.status, reply.read().decode())

# %% [markdown]
# ### Predict: two clients
#
# A first client connects and says nothing: a phone that has lost its network, or somebody who means harm. Now a second
# client sends a request, and would wait half a second for its answer. Is it `"answered"` in time, or does it `"wait"`
# in vain?

# %%
predict("01.q4", "answered")


# %%
def happens_to_second_client(server):
    with socket.create_connection(server.address):  # the first client, who says nothing
        try:
            with urlopen(server.url + "/second", timeout=0.5) as reply:
                reply.read()
            return "answered"
        except OSError:
            return "wait"


reveal("01.q4", happens_to_second_client(blocking))

# %% [markdown]
# One silent client has stopped the whole server. Nothing is wrong in it, and it uses no processor time: it *waits*. It
# could serve the second client, but its only thread stands in a call that returns when the first one speaks.
#
# You can be that first client. Click the link: your browser talks to *your* server, gets its answer, and keeps the
# connection, for it may want more. Whoever comes second, another browser perhaps, waits until the first one leaves.
# (Some browsers connect twice at once, and so wait for themselves.)

# %%
blocking

# %% [markdown]
# **Checkpoint.** In which call did the thread stand meanwhile: `"accept"`, `"recv"`, `"sendall"` or `"answer"`?

# %%
check("01.k2", ...)

# %% [markdown]
# ## The twin
#
# There are two ways out. One is a thread for each client: then it is no harm if one of them stands still. You will
# write it below. The other is to never stand still: to tell an *event loop* what one waits for, and let it run somebody
# else meanwhile. For that every call that may wait gets an `await`, and every client becomes a *task*. Compare this
# with the server above, line by line.


# %%
async def requests_async(connection):
    loop = asyncio.get_running_loop()
    received = b""
    while data := await loop.sock_recv(connection, 1024):
        received += data
        while END in received:
            head, _, received = received.partition(END)
            yield parse(head)


async def converse_async(connection, answer):
    loop = asyncio.get_running_loop()
    with connection, suppress(ConnectionError):
        async for request in requests_async(connection):
            await loop.sock_sendall(connection, await answer(request))


async def serve_async(listener, answer):
    loop = asyncio.get_running_loop()
    listener.setblocking(False)  # an accept() with nobody there shall not wait, but say so
    async with asyncio.TaskGroup() as clients:
        while True:
            try:
                connection, _ = await loop.sock_accept(listener)
            except OSError:
                return
            clients.create_task(converse_async(connection, answer))


# %%
async def answer_async(request):
    return answer(request)


def twin(listener, answer):
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:  # a loop of its own
        runner.run(serve_async(listener, answer))


looping = start(twin, answer_async)
print("The second client has to wait:", happens_to_second_client(looping) == "wait")
looping

# %% [markdown]
# ### Predict: how many threads
#
# `SILENT` clients are now connected with the twin at once. Each has been answered once and says nothing more. How many
# threads serve them?

# %%
predict("01.q5", SILENT)

# %%
threads_before = threading.active_count()  # the one that runs the loop is among them
clients = [socket.create_connection(looping.address) for _ in range(SILENT)]
for one in clients:
    one.sendall(b"GET /hello HTTP/1.1\r\nHost: here\r\n\r\n")
answers = [one.recv(1024) for one in clients]
threads_now = threading.active_count()
for one in clients:
    one.close()

print(f"{len(answers)} clients were answered")
reveal("01.q5", 1 + threads_now - threads_before)

# %% [markdown]
# **Checkpoint.** What lets the twin serve the others while one of them is silent: `"async def"`, `"await"`,
# `"TaskGroup"` or `"a thread"`?

# %%
check("01.k3", ...)

# %% [markdown]
# ## An App behind your server
#
# So far the server decides what is answered. Let an `App` do that, the same kind as in notebook 00. `Behind(app)` takes
# a `Request` and gives a `Response`: a status, headers and a body. All that is left for us is to spell it in bytes.

# %%
app = App()


# %%
@app.get("/")
def home(ctx):
    return "Hello from a server made by hand\n"


@app.get("/users/{id:int}")
async def user(ctx):
    await ctx.sleep(0.050)  # a database, for fifty milliseconds
    return {"id": ctx.params["id"], "name": "User"}


def spell(response):
    head = f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}\r\n"
    for name, value in response.headers.fields():
        head += f"{name}: {value}\r\n"
    return f"{head}content-length: {len(response.body)}\r\n\r\n".encode() + response.body


# %% [markdown]
# How `ctx.sleep` waits is the server's own business: the blocking one has nothing better than to put its thread to
# sleep, the twin lends the `sleep` of its loop.

# %%
behind_blocking = Behind(app)
behind_looping = Behind(app, sleep=asyncio.sleep)


def answer_by_app(request):
    return spell(behind_blocking.respond_here(request))


async def answer_by_app_async(request):
    return spell(await behind_looping.respond(request))


blocking = start(serve_blocking, answer_by_app)
looping = start(twin, answer_by_app_async)

for server in (blocking, looping):
    for path in ("/", "/users/7"):
        with urlopen(server.url + path) as reply:
            print(server.name, reply.status, reply.read().decode().strip())

# %% [markdown]
# The same app, the same answers, on two servers that you can read from the first line to the last.
#
# ### Predict: a small crowd
#
# `CLIENTS` clients ask for `/users/1` at the same moment. How many times as long does the **last** of them wait on the
# blocking server as on the twin?

# %%
predict("01.q6", 1)

# %%
crowds = {
    "blocking": crowd(blocking.url + "/users/1", CLIENTS),
    "its async twin": crowd(looping.url + "/users/1", CLIENTS),
}
stairs(crowds)

# %%
times = crowds["blocking"].last_s / crowds["its async twin"].last_s
display(reveal("01.q6", times))
shows("01.c2", times)

# %% [markdown]
# On the left, stairs: each client waits for all before it. On the right, everybody waits for the database only.
# Nobody's request became any faster, and no work was saved. Only the waiting was laid side by side.
#
# ## Investigate: not everybody means well
#
# ### Predict: a client that speaks no HTTP
#
# A client connects with the twin, sends `hello` and an empty line, and leaves. `parse` finds no method and no target,
# and raises a `ValueError`. What becomes of the server? Does it lose `"that client"`, or `"everybody"`?

# %%
predict("01.q7", "that client")

# %%
looping = start(twin, answer_by_app_async)
with socket.create_connection(looping.address) as visitor:
    visitor.sendall(b"hello\r\n\r\n")
looping.wait()

print(looping)
reveal("01.q7", "that client" if looping.is_running else "everybody")

# %% [markdown]
# Five letters have ended a web server. The same five for the server of this package, and what comes back:

# %%
with AsyncServer(app) as real, socket.create_connection((real.host, real.port)) as visitor:
    visitor.sendall(b"hello\r\n\r\n")
    print(visitor.recv(1024).decode())
    with urlopen(real.url + "/") as reply:
        print("and then:", reply.read().decode())

# %% [markdown]
# That one is the work of this notebook, with an answer for each of the many things that can go wrong. If you like, look
# at `asyncweb/servers/threads.py` and `asyncweb/connection.py` in its source: you will find your `requests` in there.
#
# > **What could mislead you here.** On your own machine, a small request nearly always comes in one piece. A server
# > that takes one `recv` for one request passes every test you are likely to try, and fails for the first customer on a
# > train. And that a client *is connected* says nothing about whether it is served: the system connected it, not you.
#
# ## Modify: a thread for each client
#
# Change **one** line of `serve_blocking`, so that every client has a thread: `threading.Thread(target=..., args=...,
# daemon=True).start()`. Then draw the stairs again. Are they gone? And how many threads are there for `SILENT` silent
# clients?


# %%
def serve_threaded(listener, answer):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        converse(connection, answer)  # this one


threaded = start(serve_threaded, answer_by_app)
print("the second client:", happens_to_second_client(threaded))

# %% [markdown]
# ## Modify: a very small cup
#
# Read at most **one** byte with each `recv`. First say what will break. Then count the calls of `recv` for one request
# of your browser: what did the other number, 1,024, do for us?

# %%
# your requests(connection), with recv(1)

# %% [markdown]
# ## Modify: say 400
#
# Make the twin survive the client that speaks no HTTP: it is to be told `400 Bad Request`, and let go. Then run the
# cell with the five letters again. Think of the place: if you catch the error around the whole loop over requests, what
# happens to the good requests before it?

# %%
BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

# your converse_async

# %% [markdown]
# ## Make: a server that is no web server
#
# Nothing in here was about the web, except `parse`, `answer` and the empty line. Make a server that gives each *line*
# back in capital letters. One `recv` is not one line either: try it with `b"he"`, `b"llo\nwor"`, `b"ld\n"`.


# %%
def shout(connection):
    with connection:
        connection.sendall(b"not yet\n")  # yours


def serve_shouting(listener):
    with suppress(OSError):
        while True:
            shout(listener.accept()[0])


shouting = start(serve_shouting)
with socket.create_connection(shouting.address) as visitor:
    print(visitor.recv(1024))

# %% [markdown]
# ## Key points
#
# - A server is a loop around `accept`, and for each client a loop around `recv`.
# - A connection is a stream of bytes, without seams. Where a request ends stands in the bytes, and nowhere else.
# - The system takes clients in before the program does. Connected is not served.
# - A blocking server stands still while one client is silent, or one handler waits. A thread for each client, or an
#   `await` at each place that may wait, lets the others go on.
# - What to answer and how to wait are two things. The same `App` ran behind both servers.
#
# **Exercises that belong to it:** 01_pieces, 02_keep_alive, 03_blocking_server, 04_threaded_server, 05_async_twin.
#
# Stop what you started. Nothing is left afterwards: no thread, no socket, no process.

# %%
stop_all()
for one in (listener, client, connection):
    one.close()
blocking
