"""A Thread of its own kind, and a Condition that counts who is inside."""

import threading


def start(handle, connection):
    """A thread that has begun to run `handle(connection)`; returns it at once.

    When `handle` has ended, in whatever way, the thread closes the connection.
    """

    thread = Service(handle, connection)
    thread.start()
    return thread


class Service(threading.Thread):
    """Serves one client."""

    def __init__(self, handle, connection):
        super().__init__()
        self.handle, self.connection = handle, connection

    def run(self):
        """Serves and closes."""
        try:
            self.handle(self.connection)
        finally:
            self.connection.close()


def serve(listener, handle, most):
    """Serves each client of `listener` in a thread of its own, at most `most` of them at once.

    While there are so many, nobody else is begun. When accept raises OSError nobody comes any more:
    then it returns, but not before the last client is served.
    """
    inside, changed = set(), threading.Condition()

    def handle_and_leave(connection):
        try:
            handle(connection)
        finally:
            with changed:
                inside.remove(connection)
                changed.notify()

    last = []
    while True:
        with changed:
            changed.wait_for(lambda: len(inside) < most)
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        with changed:
            inside.add(connection)
        last = [*filter(threading.Thread.is_alive, last), start(handle_and_leave, connection)]
    for thread in last:
        thread.join()


class Visits:
    """How often each path was visited, in a server with many threads."""

    def __init__(self):
        self.count = {}  # by path
        self._lock = threading.RLock()

    def add(self, path):
        """Counts one visit of `path`; the number of this visit, 1 for the first."""
        with self._lock:
            number = self.count.get(path, 0) + 1
            self.count.update({path: number})
        return number
