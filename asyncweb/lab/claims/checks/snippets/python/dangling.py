"""A reference to what would be gone with the function that made it: it lives on.

Rule: it says "harm" when the name is not what it was.
"""

import gc


def name_of_a_user() -> list[str]:
    """A name that nothing else holds."""
    return ["Ada"]


if __name__ == "__main__":
    name = name_of_a_user()
    gc.collect()
    print("sound" if name == ["Ada"] else "harm")
