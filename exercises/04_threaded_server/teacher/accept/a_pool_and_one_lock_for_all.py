"""A pool of threads, which joins them; a lock of the module."""

from concurrent.futures import ThreadPoolExecutor

LOCK = threading.Lock()


def start(handle, connection):
    """A thread that has begun to run `handle(connection)`; returns it at once.

    When `handle` has ended, in whatever way, the thread closes the connection.
    """

    def run():
        with connection:
            handle(connection)

    thread = threading.Thread(target=run, daemon=False)
    thread.start()
    return thread


def serve(listener, handle, most):
    """Serves each client of `listener` in a thread of its own, at most `most` of them at once.

    While there are so many, nobody else is begun. When accept raises OSError nobody comes any more:
    then it returns, but not before the last client is served.
    """

    def close_after(connection):
        with connection:
            handle(connection)

    with ThreadPoolExecutor(max_workers=most) as pool:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            pool.submit(close_after, connection)


class Visits:
    """How often each path was visited, in a server with many threads."""

    def __init__(self):
        self.count = {}  # by path

    def add(self, path):
        """Counts one visit of `path`; the number of this visit, 1 for the first."""
        LOCK.acquire()
        try:
            number = self.count.setdefault(path, 0) + 1
            self.count[path] = number
        finally:
            LOCK.release()
        return number
