"""Begins a thread for everybody who comes."""


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
