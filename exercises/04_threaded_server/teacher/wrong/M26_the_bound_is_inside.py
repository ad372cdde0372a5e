"""Bounds who is served, not how many threads wait for it."""


def serve(listener, handle, most):
    """Serves each client of `listener` in a thread of its own, at most `most` of them at once.

    While there are so many, nobody else is begun. When accept raises OSError nobody comes any more:
    then it returns, but not before the last client is served.
    """
    places = threading.Semaphore(most)
    threads = []

    def handle_in_a_place(connection):
        with places:
            handle(connection)

    try:
        while True:
            connection, _ = listener.accept()
            threads.append(start(handle_in_a_place, connection))
    except OSError:
        for thread in threads:
            thread.join()
