"""What was found, in the forms that others read: one adapter each, from grades to a text.

Rule: an adapter says what the grades say, in the words of its reader, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from asyncweb.grading.score import Grade

Writer = Callable[[Sequence[Grade]], str]
REPORTS = ("json", "gradescope", "classroom50", "junit", "csv")
_MODULES = {"json": "own", "csv": "spreadsheet"}  # the others are called like their report


def writer_of(name: str) -> Writer:
    """What makes the report of that name out of grades; none of the others is loaded.

    Raises ExerciseError where the report needs to know something that nobody has said.
    """
    module = import_module(f"asyncweb.grading.reports.{_MODULES.get(name, name)}")
    writer: Writer = module.writer()
    return writer
