"""Where something stands in a student's file, and what is still a stub."""

import pytest

from asyncweb.grading.source import Source
from asyncweb.grading.stub import stub_of

TEXT = '''
def first(connection):
    """Do not recv( twice."""
    # recv( is in a comment
    return connection.recv(9)


def second(connection):
    """A docstring."""
    if connection:
        raise NotImplementedError("Task 2: do it")


class Third:
    async def meet(self):
        """What it does."""
        raise NotImplementedError("Task 3: meet")
'''
SOURCE = Source(TEXT)


def test_a_text_is_found_in_code_only_and_first_in_its_function():
    assert SOURCE.find("recv(").number == 5
    assert SOURCE.find("raise", "second").number == 11
    assert SOURCE.find("recv(", "second").number == 5
    assert SOURCE.find("nowhere") is None


def test_a_definition_is_found_by_its_name():
    assert SOURCE.definition("Third").number == 14
    assert SOURCE.definition("meet").text == "async def meet(self):"
    assert SOURCE.definition("fourth") is None


def test_a_stub_does_nothing_else_and_a_marker_may_stand_anywhere():
    assert [SOURCE.is_stub(task) for task in ("1", "2", "3")] == [False, False, True]
    assert [SOURCE.has_marker(task) for task in ("1", "2", "3")] == [False, True, True]


@pytest.mark.parametrize("text", ["def (", "\0", "(" * 500, ""])
def test_in_what_is_no_python_nothing_is_found(text):
    source = Source(text)
    assert source.find("def") is None
    assert not source.is_stub("1")
    assert source.line(7).text == ""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("within", ["\f", "\v", "\x85", "\u2028"])
def test_a_line_ends_where_python_ends_it(end, within):
    source = Source(f'TEXT = "{within}"{end}def first(): ...{end}')
    assert source.definition("first").number == 2
    assert source.definition("first").text == "def first(): ..."


def test_a_mark_at_the_beginning_is_no_part_of_the_program(tmp_path):
    file = tmp_path / "work.py"
    file.write_text(TEXT, encoding="utf-8-sig")
    assert Source.of(file).definition("first").number == 2


def test_a_sum_may_be_as_long_as_python_lets_it_be():
    source = Source("total = " + "1 + " * 1200 + "1\nimport os\nos._exit(0)\n")
    assert source.find("_exit").number == 3


def test_what_vanishes_from_a_stub_leaves_no_gap():
    solution = "import a\n\n### BEGIN SOLUTION\nimport b\n### END SOLUTION\n\nLIMIT = 1\n"
    assert stub_of(solution) == "import a\n\nLIMIT = 1\n"
