"""Two threads count a visit each, on one number that both write.

Rule: it says "harm" when a visit is lost.
"""

import threading

both_have_read = threading.Barrier(2)
visits = 0


def visit() -> None:
    """Counts one more."""
    global visits
    seen = visits
    both_have_read.wait()
    visits = seen + 1


if __name__ == "__main__":
    visitors = [threading.Thread(target=visit) for _ in range(2)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    print("sound" if visits == 2 else "harm")
