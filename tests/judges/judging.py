"""The judgement: what was heard against what the collection holds to be right.

Rule: security first. An answer too many, a body read otherwise, an acceptance where a refusal is
due: these are called unsafe; the rest is called wrong, or strict where we refuse what others take.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from tests.judges.answers import Answer, Heard
from tests.judges.cases import Seen, Verdict

Kind = Literal["unsafe", "wrong", "strict"]


@dataclass(frozen=True)
class Deviation:
    """How an answer differs from the verdict."""

    kind: Kind
    says: str


def deviation(verdict: Verdict, heard: Heard) -> Deviation | None:
    """The worst difference; None when the server did what the judge expects."""
    return _broken_talk(heard) or (None if verdict.free else _judged(verdict, heard))


def _broken_talk(heard: Heard) -> Deviation | None:
    """What is wrong whatever the verdict."""
    if heard.rest:
        return Deviation("unsafe", f"bytes that are no response: {heard.rest[:60]!r}")
    if heard.stuck:
        return Deviation("wrong", "the connection stays open after the client is done")
    refusals = [number for number, answer in enumerate(heard.answers) if answer.refuses]
    if not refusals:
        return None
    if refusals[0] != len(heard.answers) - 1:
        return Deviation("unsafe", "an answer after a refusal")
    if not heard.closed and not heard.after_goodbye:
        return Deviation("unsafe", "the connection stays open after a refusal")
    return None


def _judged(verdict: Verdict, heard: Heard) -> Deviation | None:
    accepted = [answer for answer in heard.answers if not answer.refuses]
    refusal = next((answer for answer in heard.answers if answer.refuses), None)
    # Told of a request that ends too early, a server may refuse it (RFC 9112, 8).
    late = refusal is not None and heard.after_goodbye > 0
    if refusal and not accepted and verdict.may_refuse:
        return None
    if len(accepted) > len(verdict.requests):
        due = "a refusal" if verdict.end == "refused" else "no more"
        return Deviation("unsafe", f"{len(accepted)} accepted where {due} was due")
    for number, (expected, answer) in enumerate(zip(verdict.requests, accepted, strict=False), 1):
        if found := _misread(expected, answer):
            return Deviation(found.kind, f"request {number}: {found.says}")
    if len(accepted) < len(verdict.requests):
        status = refusal.status if refusal else "no answer"
        return Deviation("strict", f"{len(accepted)} accepted, then {status}")
    return _wrong_end(verdict, refusal, late)


def _wrong_end(verdict: Verdict, refusal: Answer | None, late: bool) -> Deviation | None:
    if verdict.end == "refused":
        if refusal is None:
            return Deviation("wrong", "it goes on waiting where a refusal was due")
        if refusal.status not in verdict.statuses:
            return Deviation("wrong", f"refused with {refusal.status}")
    if verdict.end == "quiet" and refusal is not None and not late:
        return Deviation("strict", f"refused with {refusal.status}")
    return None


def _misread(expected: Seen, answer: Answer) -> Deviation | None:
    saw = answer.saw
    if not saw:  # OPTIONS * is answered by the server itself
        return None
    if "body" in saw and expected.body is not None:
        body = saw["body"].encode("latin-1")
        if body != expected.body:
            return Deviation("unsafe", f"body {body[:60]!r}, not {expected.body[:60]!r}")
    for name in ("method", "target"):
        wanted = getattr(expected, name)
        if wanted is not None and saw[name] != wanted:
            return Deviation("wrong", f"{name} {saw[name]!r}, not {wanted!r}")
    return _other_fields(expected, saw)


def _other_fields(expected: Seen, saw: dict[str, Any]) -> Deviation | None:
    if expected.fields is None or "headers" not in saw:
        return None
    came = Counter((name, value) for name, value in saw["headers"])
    wanted = Counter(expected.fields)
    if came != wanted:
        more, less = list(came - wanted)[:3], list(wanted - came)[:3]
        return Deviation("wrong", f"fields: {more} came, {less} did not")
    return None
