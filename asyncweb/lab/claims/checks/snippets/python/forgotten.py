"""Each request leaves a page in a cache that nothing is ever removed from.

Rule: it says "harm" when the pages are still there at the end.
"""

cache: dict[int, str] = {}


def answer(number: int) -> str:
    """The page of that number."""
    return cache.setdefault(number, f"page {number}")


if __name__ == "__main__":
    for number in range(1000):
        answer(number)
    print("harm" if cache else "sound")
