"""Which functions of one name are one function, defined again, and which are several."""

from dataclasses import dataclass
from functools import partial, wraps

import pytest

from asyncweb.http.redefinition import is_redefinition

CELL = """
def plain(): {body}
async def waiting(): {body}
nameless = lambda: {body}
def made(value):
    def inner(): {body}
    return inner
def around(function):
    def inner(): return function()
    return inner
"""


def cell(body="1", name="__main__"):
    """What a cell of a notebook defines, each time that it runs."""
    defined = {"__name__": name}
    exec(CELL.format(body=body), defined)
    return defined


class Pool:
    def close(self):
        """Nothing."""

    def __call__(self):
        """Nothing."""


@dataclass(frozen=True)
class Limit:
    seconds: int

    def __call__(self):
        """Nothing."""


class Array:
    def __eq__(self, other):
        raise ValueError("the truth value of an array is ambiguous")

    __hash__ = None


def labelled(label):
    def inner():
        return label

    return inner


def guarded(function):
    @wraps(function)
    def guard():
        return function()

    return guard


def counted(name):
    def count():
        count.name = name
        return count

    return count


def shown(label, prefix):
    def inner():
        return prefix + label

    inner.__qualname__ = labelled("").__qualname__
    return inner


def empty():
    def inner():
        return later

    if inner is None:
        later = 1
    return inner


POOL, OTHER, ARRAY = Pool(), Pool(), Array()


@pytest.mark.parametrize("name", ["plain", "waiting"])
def test_a_cell_may_run_again_with_other_code(name):
    assert is_redefinition(cell("2")[name], cell()[name])
    assert not is_redefinition(cell(name="other")[name], cell()[name])
    assert not is_redefinition(cell()["plain"], cell()["waiting"])


def test_a_lambda_is_known_by_its_code():
    assert is_redefinition(cell()["nameless"], cell()["nameless"])
    assert not is_redefinition(cell("2")["nameless"], cell()["nameless"])


def test_lambdas_of_one_place_differ_by_their_defaults():
    first, again, other = (lambda of=of: of for of in ("a", "a", "b"))
    assert is_redefinition(again, first)
    assert not is_redefinition(other, first)


def test_what_a_cell_makes_of_a_function_is_made_again_when_the_function_is():
    before, after = cell(), cell("2")
    assert is_redefinition(after["around"](after["plain"]), before["around"](before["plain"]))
    assert not is_redefinition(before["around"](before["plain"]), before["around"](POOL.close))
    wrapped = before["around"](partial(divmod, 7, 2)), before["around"](partial(divmod, 7, 3))
    assert not is_redefinition(*wrapped)


def test_a_function_below_a_decorator_that_wraps_is_itself():
    assert is_redefinition(guarded(cell("2")["plain"]), guarded(cell()["plain"]))


@pytest.mark.parametrize(
    ("function", "same", "other"),
    [
        pytest.param(POOL.close, POOL.close, OTHER.close, id="method"),
        pytest.param(POOL, POOL, OTHER, id="object"),
        pytest.param(Limit(1), Limit(1), Limit(2), id="dataclass"),
        pytest.param([].clear, None, [].clear, id="method in C"),
        pytest.param(labelled("a"), labelled("a"), labelled("b"), id="closure"),
        pytest.param(labelled([1]), labelled([1]), labelled([2]), id="closure of lists"),
        pytest.param(labelled(ARRAY), labelled(ARRAY), labelled(Array()), id="closure of arrays"),
        pytest.param(partial(print, 1), partial(print, 1), partial(print, 2), id="partial"),
        pytest.param(
            partial(print, end="a"), partial(print, end="a"), partial(print, end="b"), id="keyword"
        ),
        pytest.param(
            partial(POOL.close), partial(POOL.close), partial(OTHER.close), id="partial of a method"
        ),
        pytest.param(counted("a"), counted("a"), counted("b"), id="a function that holds itself"),
        pytest.param(shown("a", ">"), labelled("a"), labelled("b"), id="with a value more"),
        pytest.param(empty(), empty(), None, id="a variable without a value"),
        pytest.param(len, len, None, id="function in C"),
        pytest.param(Pool, Pool, None, id="class"),
    ],
)
def test_of_one_name_are_several_that_hold_other_things(function, same, other):
    assert same is None or is_redefinition(same, function)
    assert other is None or not is_redefinition(other, function)


def test_what_is_of_a_class_that_was_defined_again_is_made_again():
    before, after = (type("Guard", (), {"__call__": lambda self: 0, "run": len})() for _ in "12")
    assert is_redefinition(after, before)
    assert not is_redefinition(type(before)(), before)
