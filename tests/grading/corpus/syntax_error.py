"""Is no Python.

outcome: crashed
label: crashed
score: 0
line: return a +
"""


def add(a, b):
    return a +
