"""Takes two locks in two orders, in two threads.

outcome: timed_out
label: hang
score: 3
line: thread.join()
"""

import asyncio
import threading

first, second = threading.Lock(), threading.Lock()
both = threading.Barrier(2)


def take(one, other):
    with one:
        both.wait()
        with other:
            pass


def add(a, b):
    threads = [
        threading.Thread(target=take, args=order, daemon=True)
        for order in ((first, second), (second, first))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return a + b


async def meet(callers):
    return await asyncio.gather(*[caller() for caller in callers])
