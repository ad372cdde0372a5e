"""One claim of the article: what was said, how it is tested, and the rule that decides.

Rule: a claim is decided by figures alone, which a test may make up; it measures nothing itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.verdict import Verdict


class Claim(ABC):
    """A subclass for each of C1 to C12. All texts are plain sentences that stand in the report."""

    id: ClassVar[str]  # "C1"
    said: ClassVar[str]  # by the article, in our words
    tested: ClassVar[str]  # what is measured, on which systems
    rule: ClassVar[str]  # when it holds, when it does not, when it cannot be compared
    changes: ClassVar[str]  # what would change the verdict
    question: ClassVar[str]  # what a class is asked to predict, answered by the verdict's word

    @abstractmethod
    def decide(self, figures: Figures) -> Verdict:
        """By `rule`, from `figures`; UNMEASURED when these lack what it needs."""
