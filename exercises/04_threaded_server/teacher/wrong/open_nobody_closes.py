"""Leaves the closing to the handler."""

import threading


def start(handle, connection):
    """A thread that has begun to run `handle(connection)`; returns it at once.

    When `handle` has ended, in whatever way, the thread closes the connection.
    """

    def handle_and_close():
        handle(connection)

    thread = threading.Thread(target=handle_and_close)
    thread.start()
    return thread


def serve(listener, handle, most):
    """Serves each client of `listener` in a thread of its own, at most `most` of them at once.

    While there are so many, nobody else is begun. When accept raises OSError nobody comes any more:
    then it returns, but not before the last client is served.
    """
    places = threading.Semaphore(most)
    threads = []

    def handle_and_leave(connection):
        try:
            handle(connection)
        finally:
            places.release()

    try:
        while True:
            connection, _ = listener.accept()
            places.acquire()
            # Those that have ended are let go: nobody knows how long this server will run.
            threads = [thread for thread in threads if thread.is_alive()]
            threads.append(start(handle_and_leave, connection))
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
