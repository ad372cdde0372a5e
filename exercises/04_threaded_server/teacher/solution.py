"""Exercise 04: a server with a thread for each client.

`listener.accept()` waits for a client and gives `(connection, address)`; it raises OSError when
somebody has closed the listener. `handle(connection)` serves one client, and blocks meanwhile.
"""

import threading


def start(handle, connection):
    """A thread that has begun to run `handle(connection)`; returns it at once.

    When `handle` has ended, in whatever way, the thread closes the connection.
    """
    ### BEGIN SOLUTION Task 4.1: begin to serve one client

    def handle_and_close():
        try:
            handle(connection)
        finally:
            connection.close()

    thread = threading.Thread(target=handle_and_close)
    thread.start()
    return thread
    ### END SOLUTION


def serve(listener, handle, most):
    """Serves each client of `listener` in a thread of its own, at most `most` of them at once.

    While there are so many, nobody else is begun. When accept raises OSError nobody comes any more:
    then it returns, but not before the last client is served.
    """
    ### BEGIN SOLUTION Task 4.2: serve at the same time, with a bound, to the end
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
    ### END SOLUTION


class Visits:
    """How often each path was visited, in a server with many threads."""

    def __init__(self):
        self.count = {}  # by path
        ### BEGIN SOLUTION
        self._lock = threading.Lock()
        ### END SOLUTION

    def add(self, path):
        """Counts one visit of `path`; the number of this visit, 1 for the first."""
        ### BEGIN SOLUTION Task 4.3: count in many threads
        with self._lock:
            self.count[path] = self.count.get(path, 0) + 1
            return self.count[path]
        ### END SOLUTION
