"""An answer told by what it does otherwise than the solution."""

import pytest

from asyncweb.errors import ExerciseError
from asyncweb.grading.variant import variant_of

SOLUTION = '''"""Two numbers."""

LIMIT = 3


def one():
    ### BEGIN SOLUTION Task 1.1: say one
    return 1
    ### END SOLUTION


@str
def two():
    return one() + 1
'''


def test_what_is_the_same_stays_the_solutions():
    assert variant_of(SOLUTION, "def one():\n    return 7\n") == SOLUTION.replace(
        "    ### BEGIN SOLUTION Task 1.1: say one\n    return 1\n    ### END SOLUTION\n",
        "    return 7\n",
    )


def test_a_name_and_a_decorated_function_are_replaced_whole():
    changed = variant_of(SOLUTION, "LIMIT = 9\n\n\n@repr\ndef two():\n    return 2\n")
    assert "LIMIT = 9\n\n\ndef one" in changed
    assert changed.endswith("@repr\ndef two():\n    return 2\n")
    assert "@str" not in changed


def test_imports_come_on_top_and_helpers_before_who_needs_them():
    changed = variant_of(
        SOLUTION, "import os\n\n\ndef one():\n    return _it()\n\n\ndef _it():\n    0\n"
    )
    assert changed.startswith('"""Two numbers."""\n\nimport os\nLIMIT')
    assert changed.index("def _it") < changed.index("def one") < changed.index("def two")


def test_anything_else_is_refused():
    with pytest.raises(ExerciseError, match="line 2 of an answer is 'while True: pass'"):
        variant_of(SOLUTION, '"""Hangs."""\nwhile True: pass\n')
