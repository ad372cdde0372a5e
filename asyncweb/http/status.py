"""What stands in the first line of an answer: its status and its reason.

Rule: nothing in it can forge what follows.
"""

from __future__ import annotations

import re

REDIRECTS = (301, 302, 303, 307, 308)
_REASON = r"[\t -~\x80-\xff]*"


def checked_status(status: int) -> int:
    """`status`, if it can be that of a final answer. Raises ValueError when it can not."""
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        raise ValueError(f"status {status!r}: a final answer has a status from 200 to 599")
    return status


def checked_reason(reason: str) -> str:
    """`reason`, if it may stand behind a status. Raises ValueError when it would forge a head."""
    if not re.fullmatch(_REASON, reason):
        raise ValueError(f"reason {reason!r}: expected Latin-1 text without control characters")
    return reason
