"""Begins a thread for each client, and waits for it before the next."""


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
            start(handle_and_leave, connection).join()
    except OSError:
        for thread in threads:
            thread.join()
