"""A listener whose clients come when the test says so, and answers that take their time."""

import asyncio
import gc
import weakref

TURNS = 50  # more than any step here needs


async def settle():
    """Lets everything run that can run without news from outside."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


def clear_up():
    """What Python does from time to time: it takes away what nobody holds."""
    gc.collect()


class Listener:
    """Clients queue here until they are accepted, or the listener is closed."""

    def __init__(self, *clients):
        self._clients = asyncio.Queue()
        self._is_closed = False
        for client in clients:
            self._clients.put_nowait(client)

    def come(self, client):
        """One more client; it is turned away when the listener is closed."""
        if not self._is_closed:
            self._clients.put_nowait(client)

    def close(self):
        """Lets nobody in any more."""
        if not self._is_closed:
            self._is_closed = True
            self._clients.put_nowait(None)

    async def accept(self):
        """The next client. Raises EOFError when the listener is closed."""
        client = await self._clients.get()
        if client is None or self._is_closed:
            self._clients.put_nowait(None)
            raise EOFError("the listener is closed")
        return client


class Client:
    """Hears what it is sent."""

    def __init__(self):
        self.heard = []
        self.is_closed = False

    async def send(self, text):
        """Takes `text`."""
        self.heard.append(text)

    def close(self):
        """Ends the connection."""
        self.is_closed = True


class Door:
    """Holds everybody who comes until it is opened; who waits is held by nothing but its task."""

    def __init__(self):
        self._waiting = []
        self.passed = 0

    async def __call__(self, client):
        """Returns when the door has been opened."""
        opened = asyncio.get_running_loop().create_future()
        self._waiting.append(weakref.ref(opened))
        await opened
        self.passed += 1

    def open(self):
        """Lets all through who are still there."""
        for waiting in self._waiting:
            opened = waiting()
            if opened is not None and not opened.done():
                opened.set_result(None)


class Nonsense(ValueError):
    """An answer has failed, as the test wanted it to; whatever else is raised is the student's."""


class Answers:
    """Answers each client, who is a number of seconds; what became of it is in `told`.

    A cancelled one tidies up for `tidies_s` seconds; a negative number of seconds is Nonsense.
    """

    def __init__(self, tidies_s=0):
        self.told = []  # (the client, what became of it, at which second)
        self.inside = 0
        self._tidies_s = tidies_s

    async def __call__(self, client):
        """Takes so many seconds. Raises Nonsense for a negative number."""
        self.inside += 1
        try:
            await asyncio.sleep(abs(client))
            if client < 0:
                raise Nonsense("a client sent nonsense")
            self._tell(client, "answered")
        except asyncio.CancelledError:
            self._tell(client, "cancelled")
            await asyncio.sleep(self._tidies_s)
            raise
        finally:
            self.inside -= 1

    def _tell(self, client, what):
        self.told.append((client, what, now()))

    def of(self, client):
        """What became of `client`, and when; None, None if it was never answered."""
        return next(((what, at) for who, what, at in self.told if who == client), (None, None))


def now():
    """The second of the test's clock, which jumps."""
    return round(asyncio.get_running_loop().time())


class Stopped:
    """What has become of a server and its clients at the moment when `stop` has returned."""

    def __init__(self, answers, cancelled, error):
        self.answers = answers
        self.cancelled = cancelled
        self.error = error
        self.at = now()
        self.inside = answers.inside

    @classmethod
    async def after(cls, make, clients, grace_s, tidies_s=0, late_guest=None):
        """Lets the server answer `clients`, stops it at second 0, and looks when that is done."""
        loop, cancelled, error = asyncio.get_running_loop(), None, None
        loop.set_exception_handler(lambda loop, context: None)  # an answer that fails is told here
        listener, answers = Listener(*clients), Answers(tidies_s)
        server = make(listener, answers)
        serving = asyncio.create_task(server.serve())
        await settle()
        if late_guest is not None:
            loop.call_later(0.5, listener.come, late_guest)
        try:
            cancelled = await server.stop(grace_s)
        except Nonsense as raised:
            error = raised
        stopped = cls(answers, cancelled, error)
        listener.close()
        await asyncio.wait([serving], timeout=60)
        return stopped
