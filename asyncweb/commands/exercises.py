"""The commands of who does the exercises."""

from __future__ import annotations

import argparse

from asyncweb.output import check_output, write_json


def check(options: argparse.Namespace) -> int:
    """One exercise, by the tests that a student sees; exits with 1 until it passes."""
    from asyncweb.grading.course import find_exercise, work_of
    from asyncweb.grading.runner import How
    from asyncweb.grading.runner import check as judge
    from asyncweb.grading.show import printed_lines, result_lines

    exercise = find_exercise(options.exercise)
    how = How(hidden=False) if options.seed is None else How(hidden=False, seeds=[options.seed])
    result = judge(exercise, work_of(exercise), how)
    print(*result_lines(result), *printed_lines(result), sep="\n")
    return int(not result.has_passed)


def grade(options: argparse.Namespace) -> int:
    """Every exercise in a student's folder, by all tests."""
    from pathlib import Path

    from rich.console import Console

    from asyncweb.grading.course import grade as judge
    from asyncweb.grading.table import results_dict, results_table

    check_output(options.json)
    results = list(judge(Path(options.folder)))
    Console(stderr=options.json == "-").print(results_table(results))
    write_json(options.json, results_dict(results))
    return 0
