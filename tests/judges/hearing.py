"""A hearing: one engine before one judge, each case whole and byte by byte.

Rule: both ways must end alike, whatever the judge says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.judges.answers import Heard
from tests.judges.cases import Case
from tests.judges.explained import EXPLAINED, Explanation
from tests.judges.judging import Deviation, deviation
from tests.judges.talk import put_all


@dataclass(frozen=True)
class Finding:
    """One case that did not end as its judge expects."""

    engine: str
    case: Case
    way: str  # "whole", "bytewise" or "both"
    came: str
    deviation: Deviation
    explanation: Explanation | None = None


@dataclass
class Hearing:
    """How one engine did before one judge."""

    judge: str
    engine: str
    cases: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def failures(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.explanation is None]

    @property
    def explained(self) -> int:
        return len(self.findings) - len(self.failures)

    @property
    def passed(self) -> int:
        return self.cases - len(self.findings)


def hear(engine: str, port: int, judge: str, cases: Sequence[Case]) -> Hearing:
    """Puts all cases to the server at `port`, both ways, and judges what comes back."""
    whole = asyncio.run(put_all(port, cases, bytewise=False))
    bytewise = asyncio.run(put_all(port, cases, bytewise=True))
    hearing = Hearing(judge, engine, len(cases))
    for case, one, other in zip(cases, whole, bytewise, strict=True):
        if finding := _finding(engine, case, one, other):
            hearing.findings.append(finding)
    return hearing


def _finding(engine: str, case: Case, whole: Heard, bytewise: Heard) -> Finding | None:
    found = deviation(case.verdict, whole)
    other = deviation(case.verdict, bytewise)
    came = str(whole) if str(whole) == str(bytewise) else f"{whole} | bytewise: {bytewise}"
    if found is None and other is None:
        if _story(whole) == _story(bytewise):
            return None
        return Finding(engine, case, "both", came, Deviation("wrong", "ends in two ways"))
    worst = found or other
    assert worst is not None
    way = "both" if found and other else "whole" if found else "bytewise"
    why = next((e for e in EXPLAINED if e.covers(case.judge, case.name, worst)), None)
    return Finding(engine, case, way, came, worst, why)


def _story(heard: Heard) -> list[object]:
    """What must not depend on how the bytes arrived."""
    return [(answer.status, answer.body) for answer in heard.answers]
