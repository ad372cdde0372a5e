"""Exercise 04: a server with a thread for each client.

`listener.accept()` waits for a client and gives `(connection, address)`; it raises OSError when
somebody has closed the listener. `handle(connection)` serves one client, and blocks meanwhile.
"""

import threading


def start(handle, connection):
    """A thread that has begun to run `handle(connection)`; returns it at once.

    When `handle` has ended, in whatever way, the thread closes the connection.
    """
    raise NotImplementedError("Task 4.1: begin to serve one client")


def serve(listener, handle, most):
    """Serves each client of `listener` in a thread of its own, at most `most` of them at once.

    While there are so many, nobody else is begun. When accept raises OSError nobody comes any more:
    then it returns, but not before the last client is served.
    """
    raise NotImplementedError("Task 4.2: serve at the same time, with a bound, to the end")


class Visits:
    """How often each path was visited, in a server with many threads."""

    def __init__(self):
        self.count = {}  # by path

    def add(self, path):
        """Counts one visit of `path`; the number of this visit, 1 for the first."""
        raise NotImplementedError("Task 4.3: count in many threads")
