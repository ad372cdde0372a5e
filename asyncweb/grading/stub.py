"""The solution without its answers.

Rule: the stub is generated, so that it can differ from the solution in nothing but the answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.errors import ExerciseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def stub_of(solution: str) -> str:
    """What a student begins with: each block becomes a NotImplementedError that names its task.

    A block whose marker names none vanishes. Raises ExerciseError for a block without its end.

    >>> print(stub_of('def f():\\n    ### BEGIN SOLUTION Task 1.1: say one\\n    return 1\\n'
    ...               '    ### END SOLUTION\\n'), end="")
    def f():
        raise NotImplementedError("Task 1.1: say one")
    """
    kept: list[str] = []
    for line, block in _lines(solution):
        if not block:
            kept.append(line)
        elif BEGIN in line and (task := _task(line)):
            indentation = line[: len(line) - len(line.lstrip())]
            kept.append(f'{indentation}raise NotImplementedError("{task}")')
    return "\n".join(kept) + "\n"


def answer_lines(solution: str) -> list[str]:
    """The lines of the answers, without indentation, comments and what is blank."""
    lines = (line.strip() for line, block in _lines(solution) if block)
    return [line for line in lines if line and not line.startswith("#")]


def _task(line: str) -> str:
    return line.partition(BEGIN)[2].strip()


def _lines(solution: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to an answer or is one of its markers."""
    begun = 0
    for number, line in enumerate(solution.splitlines(), 1):
        if BEGIN in line and not begun:
            begun = number
        elif BEGIN in line or (END in line and not begun):
            raise ExerciseError(f"line {number} of the solution is {line.strip()!r} out of turn")
        yield line, begun > 0
        if END in line:
            begun = 0
    if begun:
        raise ExerciseError(f"the block that begins on line {begun} of the solution has no {END}")
