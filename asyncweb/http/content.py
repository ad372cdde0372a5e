"""What a body says, as text and as JSON.

Rule: bytes that mean nothing are the client's fault, and it is told where.
"""

from __future__ import annotations

import re
from typing import Any

from asyncweb.errors import BadRequest, HTTPError

_CHARSET = r'(?i);\s*charset\s*=\s*"?([^\s";,]+)'
# A name from a client must not reach Python's registry of codecs: that keeps for ever what it does
# not know, and it has codecs that take hours for one body.
_KNOWN = frozenset({
    "utf-8", "utf8", "us-ascii", "ascii", "latin1", "latin-1", "koi8-r", "koi8-u",
    *(f"utf-{bits}{order}" for bits in (16, 32) for order in ("", "le", "be", "-le", "-be")),
    *(f"iso-8859-{part}" for part in range(1, 17) if part != 12),  # which was given up
    *(f"{family}{page}" for family in ("windows-", "cp") for page in range(1250, 1259)),
    "shift_jis", "shift-jis", "sjis", "euc-jp", "euc-kr", "gb2312", "gbk", "gb18030", "big5",
})  # fmt: skip


def read_text(body: bytes, content_type: str) -> str:
    """`body` in the charset that `content_type` names; in UTF-8 when it names none.

    Raises BadRequest for other bytes, HTTPError 415 for a charset that is not known here.
    """
    named = re.search(_CHARSET, content_type)
    if named is None:
        return _decoded(body, "UTF-8")
    charset = named[1].lower()
    if charset not in _KNOWN:
        raise HTTPError(415, f"the charset {charset!r} is not known here; send UTF-8")
    return _decoded(body, charset)


def read_json(body: bytes) -> Any:
    """`body` as JSON, in UTF-8. Raises BadRequest that names the place that is not JSON."""
    import json  # loaded by those who read it; again and again, that is a look into a dict

    text = _decoded(body, "UTF-8").removeprefix("\ufeff")  # RFC 8259, 8.1
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadRequest(f"the body is not JSON: {error.msg} at {place}") from None
    except RecursionError:
        raise BadRequest("the body is JSON nested too deep") from None
    except ValueError:
        raise BadRequest("the body is JSON with a number too long to read") from None


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset)
    except UnicodeDecodeError as error:
        raise BadRequest(f"the body is not {charset}: byte {error.start} is wrong") from None


def _refuse_constant(name: str) -> Any:
    raise BadRequest(f"the body is not JSON: {name} is no number of JSON")
