"""Times, compared as numbers: 10 ms are 10.0 ms."""

from asyncweb.grading import same


def is_number(value):
    """Whether it is an int or a float."""
    return type(value) in (int, float)


def same_time(got, expected):
    """As `same`, whether the time came as a whole number or not."""
    same(float(got) if is_number(got) else got, float(expected))
