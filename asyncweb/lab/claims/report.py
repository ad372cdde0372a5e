"""All that a trial says in the end, and what of it is kept in a file.

Rule: the report is made from what was kept, so a run that goes on, or was interrupted, has one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.misleading import Doubt, doubts
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.verdict import Verdict

SCHEMA = "asyncweb/claims/v1"


@dataclass(frozen=True)
class Report:
    """One trial on one machine.

    `kept` is the trial's own file, plain values: `machine`, who ran on which `cores`, the sizes of
    the `protocol`, and what was `announced` before the run, paragraph by paragraph.
    """

    kept: Mapping[str, Any]
    systems: Sequence[Mapping[str, Any]]  # see `described`
    figures: Figures
    verdicts: Sequence[tuple[Claim, Verdict]]
    stolen_share: float | None = None  # of the machine's time
    interrupted: bool = False

    @property
    def machine(self) -> dict[str, Any]:
        """What it ran on, and where on it."""
        return {**self.kept["machine"], "cores": self.kept["cores"]}

    @property
    def misleading(self) -> list[Doubt]:
        """Why to believe less of it."""
        run = {"stolen_share": self.stolen_share, "gone_on": self.kept.get("gone_on", ())}
        return doubts(self.figures, self.systems, {**self.machine, **run})

    @property
    def names(self) -> list[str]:
        """Of the systems, in their order."""
        return [str(system["name"]) for system in self.systems]

    @property
    def languages(self) -> dict[str, str]:
        """What each system is written in."""
        return {str(system["name"]): str(system["language"]) for system in self.systems}

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: schema "asyncweb/claims/v1". A trial can go on from that file."""
        return {
            "schema": SCHEMA,
            **self.kept,
            "systems": [dict(system) for system in self.systems],
            "figures": self.figures.to_dict(),
            "verdicts": [judged(claim, verdict) for claim, verdict in self.verdicts],
            "misleading": [{"about": doubt.about, "says": doubt.says} for doubt in self.misleading],
            "stolen_share": self.stolen_share,
            "interrupted": self.interrupted,
        }


def described(peer: Peer, version: str = "", missing: str = "") -> dict[str, Any]:
    """What a report says of a system beside its figures; `missing` is why it has none."""
    return {
        "name": peer.name,
        "language": peer.language,
        "model": peer.model,
        "version": version,
        "licence": peer.licence,
        "settings": peer.settings,
        "missing": missing,
        "is_ours": peer.is_ours,
    }


def judged(claim: Claim, verdict: Verdict) -> dict[str, Any]:
    """A claim with all of its texts, and what became of it."""
    return {
        "id": claim.id,
        "said": claim.said,
        "tested": claim.tested,
        "rule": claim.rule,
        "changes": claim.changes,
        "word": str(verdict.word),
        "why": verdict.why,
        "figures": [list(figure) for figure in verdict.figures],
    }


def asked_for(claims: Iterable[Claim], wanted: Sequence[str]) -> list[Claim]:
    """Those of `claims` that `wanted` names, all if it names none. Raises ValueError."""
    known = {claim.id: claim for claim in claims}
    ids = [word.upper() for word in wanted]
    for word, spelled in zip(wanted, ids, strict=True):
        if spelled not in known:
            raise ValueError(f"there is no claim {word!r}; there are {', '.join(known)}")
    return [claim for name, claim in known.items() if name in ids or not ids]
