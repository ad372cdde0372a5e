"""Values as JSON text.

Rule: what JSON has no word for is an error here, and never reaches a client.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from json import JSONEncoder

_WAY_OUT = (
    "JSON has dict, list, str, numbers, True, False and None; spell what is none of them first, "
    "as list(a_set), a_date.isoformat() or, for a NaN, None"
)


@cache
def _encoder() -> JSONEncoder:
    """Made, and its library loaded, by the first who has a value to spell."""
    import json

    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def spelled_json(value: Any) -> str:
    """`value` as compact JSON. Raises TypeError or ValueError when JSON has no word for it.

    >>> spelled_json([{1, 2}])
    Traceback (most recent call last):
    TypeError: Object of type set is not JSON serializable: JSON has dict, list, str, numbers, ...

    >>> spelled_json({"é": [1, None]})
    '{"é":[1,null]}'
    """
    try:
        return _encoder().encode(value)
    except TypeError as error:
        raise TypeError(f"{error}: {_WAY_OUT}") from None
    except ValueError as error:
        raise ValueError(f"{error}: {_WAY_OUT}") from None


def json_bytes(value: Any) -> bytes:
    """The same in UTF-8.

    >>> json_bytes("é"), json_bytes("\\ud800")
    (b'"\\xc3\\xa9"', b'"\\\\ud800"')
    """
    try:
        return spelled_json(value).encode()
    except UnicodeEncodeError:  # half of a surrogate pair: JSON can say it, UTF-8 can not
        import json

        return json.dumps(value, separators=(",", ":")).encode()
