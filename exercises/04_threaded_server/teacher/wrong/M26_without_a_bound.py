"""Begins a thread for everybody who comes."""

import threading


def start(handle, connection):
    """A thread that has begun to run `handle(connection)`; returns it at once.

    When `handle` has ended, in whatever way, the thread closes the connection.
    """

    def handle_and_close():
        try:
            handle(connection)
        finally:
            connection.close()

    thread = threading.Thread(target=handle_and_close)
    thread.start()
    return thread


def serve(listener, handle, most):
    """Serves each client of `listener` in a thread of its own, at most `most` of them at once.

    While there are so many, nobody else is begun. When accept raises OSError nobody comes any more:
    then it returns, but not before the last client is served.
    """
    threads = []
    try:
        while True:
            connection, _ = listener.accept()
            threads.append(start(handle, connection))
    except OSError:
        for thread in threads:
            thread.join()


class Visits:
    """How often each path was visited, in a server with many threads."""

    def __init__(self):
        self.count = {}  # by path
        self._lock = threading.Lock()

    def add(self, path):
        """Counts one visit of `path`; the number of this visit, 1 for the first."""
        with self._lock:
            self.count[path] = self.count.get(path, 0) + 1
            return self.count[path]
