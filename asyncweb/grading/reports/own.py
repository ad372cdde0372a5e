"""All that was found, as JSON of our own schema, "asyncweb/grades/v1": `grades.schema.json`.

Rule: a field that is there stays and keeps its meaning; others may come.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asyncweb.grading.reports import Writer
from asyncweb.grading.score import Grade
from asyncweb.grading.table import results_dict

SCHEMA_FILE = Path(__file__).with_name("grades.schema.json")


def writer() -> Writer:
    """What writes it."""
    return report


def report(grades: Sequence[Grade]) -> str:
    """The grades as JSON."""
    return json.dumps(results_dict(grades), indent=2, allow_nan=False) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema that each of these reports keeps."""
    found: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return found
