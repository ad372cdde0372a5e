"""The student's file as text: where something stands in it, and what is still a stub.

Rule: it is never run here, and it may be no Python at all; then nothing is found in it.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from asyncweb.grading.exercise import WORK
from asyncweb.grading.outcomes import Line

WORK_BYTES = 200_000  # a longer file is nobody's own work, and is not read
_NEW_LINE = re.compile(r"\r\n|\r|\n")  # what Python counts; str.splitlines knows more of them
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)


class Source:
    """The text of a student's file.

    >>> source = Source('def add(a, b):\\n    raise NotImplementedError("Task 1.1: add them")\\n')
    >>> source.is_stub("1.1"), source.is_stub("1.2")
    (True, False)
    >>> print(source.definition("add"))
    work.py:1  def add(a, b):
    """

    def __init__(self, text: str, file: str = WORK):
        self.file = file
        self._lines = _NEW_LINE.split(text)
        self._tree = _parsed(text)
        nodes = list(ast.walk(self._tree))
        self._functions = [node for node in nodes if isinstance(node, _FUNCTIONS)]
        self._raises = [node for node in nodes if isinstance(node, ast.Raise)]
        self._named = [node for node in nodes if isinstance(node, _DEFINITIONS)]

    @classmethod
    def of(cls, path: Path) -> Source:
        """The text at `path`; an empty one when it cannot be read, or is too long."""
        try:
            return cls.decoded(read_start(path))
        except OSError:
            return cls("")

    @classmethod
    def decoded(cls, text: bytes) -> Source:
        """The text in those bytes; an empty one when they are too many."""
        # An editor on Windows may begin it with a mark that is no part of the program.
        return cls(text.decode("utf-8-sig", "replace") if len(text) <= WORK_BYTES else "")

    def line(self, number: int) -> Line:
        """The line of that number, from 1; empty where the file has none."""
        inside = 0 < number <= len(self._lines)
        return Line(self.file, number, self._lines[number - 1].strip() if inside else "")

    def definition(self, name: str) -> Line | None:
        """The `def` or `class` line of `name`."""
        for node in self._definitions(name):
            return self.line(node.lineno)
        return None

    def find(self, text: str, function: str = "") -> Line | None:
        """The first line of code that contains `text`: in `function`, or anywhere else."""
        inside = [number for node in self._definitions(function) for number in _code_lines(node)]
        anywhere = _code_lines(self._tree)
        for number in [*sorted(inside), *sorted(anywhere)]:
            if text in self._lines[number - 1].partition("#")[0]:
                return self.line(number)
        return None

    def is_stub(self, task_id: str) -> bool:
        """Whether a function still does nothing but say that the task is to be done."""
        return any(_is_marker(_after_docstring(each)[:1], task_id) for each in self._functions)

    def has_marker(self, task_id: str) -> bool:
        """Whether a line that says so is still there, if only somewhere behind others."""
        return self.marker(task_id) is not None

    def marker(self, task_id: str) -> Line | None:
        """The line that still says that the task is to be done."""
        for node in self._raises:
            if _is_marker([node], task_id):
                return self.line(node.lineno)
        return None

    def _definitions(self, name: str) -> list[ast.stmt]:
        return [node for node in self._named if node.name == name]


def read_start(path: Path) -> bytes:
    """What is in the file: all of it, or one byte more than WORK_BYTES. Raises OSError."""
    with path.open("rb") as file:
        return file.read(WORK_BYTES + 1)


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _code_lines(tree: ast.AST) -> set[int]:
    """The numbers of the lines that hold code; those of a docstring do not."""
    found: set[int] = set()
    left = [tree]
    while left:  # a long sum is nested deeper than Python lets a function call itself
        inside = [node for node in ast.iter_child_nodes(left.pop()) if not _is_text(node)]
        found |= {node.lineno for node in inside if hasattr(node, "lineno")}
        left += inside
    return found


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _after_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    return function.body[ast.get_docstring(function) is not None :]


def _is_marker(statements: list[ast.stmt], task_id: str) -> bool:
    """Whether it begins with `raise NotImplementedError("Task 1.1: ...")`."""
    match statements:
        case [ast.Raise(exc=ast.Call(func=ast.Name("NotImplementedError"), args=[text]))]:
            words = text.value if isinstance(text, ast.Constant) else ""
            return isinstance(words, str) and words.partition(":")[0] == f"Task {task_id}"
    return False
