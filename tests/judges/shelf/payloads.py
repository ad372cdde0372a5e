"""Pattnaik's http-request-smuggling: a JSON list of disguised length fields.

Rule: only the spellings are taken; what a good server answers is decided by `smuggling`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import Case
from tests.judges.smuggling import disguised

NAME = "payloads"


def cases(folder: Path) -> Iterator[Case]:
    """Every entry of payloads.json."""
    known = json.loads((folder / "payloads.json").read_text("utf-8"))
    for number, entry in enumerate(known["permute"]):
        coding = entry["transfer_encoding"]
        gadget = (coding["te_key"] + coding["te_value"]).replace("[space here]", " ")
        length = entry["content_length_key"].encode("latin-1").rstrip(b" ")
        name = f"{number} {entry['type']}"
        yield disguised(NAME, name, gadget.encode("latin-1", "replace"), length)
