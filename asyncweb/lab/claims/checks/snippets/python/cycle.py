"""Two users follow each other. Nobody else holds them.

Rule: it says "harm" when they are still there after a collection.
"""

import gc
import weakref


class User:
    """One who follows another."""

    follows: "User"


def meet() -> "weakref.ref[User]":
    """A look at one of the two, which does not hold it."""
    ada, bob = User(), User()
    ada.follows, bob.follows = bob, ada
    return weakref.ref(ada)


if __name__ == "__main__":
    ada = meet()
    gc.collect()
    print("sound" if ada() is None else "harm")
