"""Work that needs a processor and nothing else, in the amount that a lesson needs.

Rule: plain Python, for what is shown is what plain Python costs; nothing here waits or gives way.
"""

from __future__ import annotations

import time

FIRST = 1000
TRIES = 3  # the best of these counts: whatever else the machine does only makes it slower


def count_primes(limit: int, first: int = 2) -> int:
    """How many prime numbers there are from `first` to `limit`, found by trying all divisors.

    >>> count_primes(30), count_primes(30, first=11)
    (10, 6)
    """
    count = 0
    for number in range(max(first, 2), limit + 1):
        divisor = 2
        while divisor * divisor <= number and number % divisor:
            divisor += 1
        count += divisor * divisor > number
    return count


def number_that_takes(seconds: float) -> int:
    """The limit for which `count_primes` takes about so long on this machine.

    Takes about six times as long itself.

    >>> 1000 <= number_that_takes(0.001) < 1_000_000
    True
    """
    limit = FIRST
    while (took_s := _best_s(limit)) < seconds / 2:
        limit *= 2
    return max(int(limit * (seconds / took_s) ** (2 / 3)), FIRST)  # the work grows as n to the 1.5


def _best_s(limit: int) -> float:
    return min(_once_s(limit) for _ in range(TRIES))


def _once_s(limit: int) -> float:
    began = time.perf_counter()
    count_primes(limit)
    return time.perf_counter() - began
