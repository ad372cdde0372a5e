"""Values as JSON text.

Rule: what JSON has no word for is an error here, and never reaches a client.
"""

from __future__ import annotations

import json
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def spelled_json(value: Any) -> str:
    """`value` as compact JSON. Raises TypeError or ValueError when JSON has no word for it.

    >>> spelled_json({"é": [1, None]})
    '{"é":[1,null]}'
    """
    return _ENCODER.encode(value)
