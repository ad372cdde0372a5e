"""The rows of the proofs as a table: on a screen, in a file of Markdown, as JSON.

Rule: pure functions of the rows; an exercise is a line, a proof a column, and what contradicts one
stands below, in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from asyncweb.errors import ExerciseError
from asyncweb.grading.prove import Row
from asyncweb.grading.proving import PROOFS

SCHEMA = "asyncweb/proofs/v1"
HOLDS, FAILS, NOT_ASKED = "✓", "✗", ""
BEGIN, END = "<!-- begin proofs -->", "<!-- end proofs -->"


def proof_table(rows: Sequence[Row]) -> Table:
    """A line for each exercise, and how many things each proof has tried."""
    table = Table(title="proofs", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in _header(rows):
        table.add_column(name, no_wrap=True)
    for line in _lines(rows):
        table.add_row(*line)
    return table


def trouble_lines(rows: Sequence[Row]) -> list[str]:
    """What contradicts the proofs, one line each."""
    return [
        f"{FAILS} {row.exercise}, {row.proof}: {trouble}"
        for row in sorted(rows, key=_place)
        for trouble in row.troubles
    ]


def markdown(rows: Sequence[Row]) -> str:
    """The same table for a file, with a line that says what all of it comes to."""
    header = _header(rows)
    rule = ["---", *[":-:"] * (len(header) - 1)]
    lines = [f"| {' | '.join(cells)} |" for cells in (header, rule, *_lines(rows))]
    return "\n".join([*lines, "", f"{summary(rows)}."])


def summary(rows: Sequence[Row]) -> str:
    """How many rows hold, in words."""
    failing = sum(not row.holds for row in rows)
    tried = sum(row.count for row in rows)
    held = f"{len(rows) - failing} of {len(rows)} proofs hold, after {tried} tries"
    return held if not failing else f"{held}; {failing} {'does' if failing == 1 else 'do'} not"


def with_table(text: str, rows: Sequence[Row]) -> str:
    """`text` with the table between its markers. Raises ExerciseError where it has none.

    >>> print(with_table(f"before\\n{BEGIN}\\nold\\n{END}\\nafter", []).splitlines()[-1])
    after
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ExerciseError(
            f"there is no place for the table: expected the lines {BEGIN} and {END}"
        )
    return f"{before}{BEGIN}\n{markdown(rows)}\n{END}{after}"


def proofs_dict(rows: Sequence[Row], is_whole: bool = True) -> dict[str, Any]:
    """The same as JSON takes it: schema "asyncweb/proofs/v1". What was not proved does not hold."""
    return {
        "schema": SCHEMA,
        "holds": is_whole and all(row.holds for row in rows),
        "interrupted": not is_whole,
        "proofs": [
            {
                "exercise": row.exercise,
                "proof": row.proof,
                "holds": row.holds,
                "tries": row.count,
                "troubles": list(row.troubles),
            }
            for row in sorted(rows, key=_place)
        ],
    }


def _place(row: Row) -> tuple[str, int]:
    return row.exercise, PROOFS.index(row.proof)


def _asked(rows: Sequence[Row]) -> list[str]:
    return [proof for proof in PROOFS if any(row.proof == proof for row in rows)]


def _header(rows: Sequence[Row]) -> list[str]:
    return ["exercise", *_asked(rows)]


def _lines(rows: Sequence[Row]) -> list[list[str]]:
    cells = {(row.exercise, row.proof): _cell(row) for row in rows}
    return [
        [name, *(cells.get((name, proof), NOT_ASKED) for proof in _asked(rows))]
        for name in sorted({row.exercise for row in rows})
    ]


def _cell(row: Row) -> str:
    return f"{HOLDS} {row.count}" if row.holds else f"{FAILS} {len(row.troubles)} wrong"
