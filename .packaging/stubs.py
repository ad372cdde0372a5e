"""What is made when the wheel is built: each exercise's work.py, out of its solution.

Rule: no answer leaves the checkout, be it the teacher's or what somebody has tried in a work.py.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Stubs(BuildHookInterface):
    """The stubs, which pyproject.toml leaves out as they lie in the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Puts them into the wheel; an editable one leaves all in the checkout."""
        self._made = tempfile.TemporaryDirectory(prefix="asyncweb-")
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from asyncweb.grading.stub import stub_of

        for solution in Path(self.root, "exercises").glob("*/teacher/solution.py"):
            name = solution.parents[1].name
            stub = Path(self._made.name, f"{name}.py")
            text = stub_of(solution.read_text(encoding="utf-8"))
            stub.write_text(text, encoding="utf-8", newline="\n")
            build_data["force_include"][str(stub)] = f"asyncweb/exercises/{name}/work.py"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Takes what was made away again."""
        self._made.cleanup()
