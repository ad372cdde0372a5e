"""What a notebook says to its student: `predict`, `reveal`, `check` and `shows`.

Rule: nothing is revealed to who has not committed to a guess, and no claim stands without its
measurement. What is asked, and what is said to each answer, is in `questions/`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from asyncweb.errors import LessonError
from asyncweb.lab import lesson_html
from asyncweb.lab.cores.machine import cores
from asyncweb.lab.question_file import find
from asyncweb.lab.questions import (
    Checkpoint,
    ChoiceQuestion,
    Claim,
    Comment,
    NumberQuestion,
    figure,
)

Question = NumberQuestion | ChoiceQuestion
_CALLS = {Checkpoint: "check", Claim: "shows"}  # how each kind is asked; others are predicted


@dataclass(frozen=True, slots=True)
class Prediction:
    """A guess that waits for its measurement."""

    question: Question
    guess: Any

    @property
    def said(self) -> str:
        """The guess with its unit."""
        return self.question.spoken(self.guess)

    def __repr__(self) -> str:
        return f"{self.question.text}\n  You say: {self.said}. Now measure."

    def _repr_html_(self) -> str:
        return lesson_html.prediction(self.question.text, self.said)


@dataclass(frozen=True, slots=True)
class Revealed:
    """A guess beside what was measured."""

    prediction: Prediction
    measured: Any

    @property
    def guess(self) -> Any:
        """What was said before the measurement."""
        return self.prediction.guess

    @property
    def comment(self) -> Comment:
        """What is said to that."""
        return self.prediction.question.comment(self.guess, self.measured)

    @property
    def is_right(self) -> bool:
        """Whether the guess was right, as far as the question asks for."""
        return self.comment.is_right

    @property
    def found(self) -> str:
        """What was measured, with its unit."""
        return self.prediction.question.spoken(self.measured)

    def __repr__(self) -> str:
        text, said = self.prediction.question.text, self.prediction.said
        return f"{text}\n  You said {said}, measured: {self.found}. {_spoken(self.comment)}"

    def _repr_html_(self) -> str:
        question, said = self.prediction.question, self.prediction.said
        values = None if isinstance(question, ChoiceQuestion) else (self.guess, self.measured)
        rows = lesson_html.rows({"you said": said, "measured": self.found}, values)
        return lesson_html.revealed(question.text, rows, _spoken(self.comment), self.is_right)


_predictions: dict[str, Prediction] = {}  # of this kernel, by the name of the question


def predict(name: str, guess: Any) -> Prediction:
    """The prediction that `reveal` will hold against the measurement; a later one replaces it.

    `guess` is a number in the unit of the question, or one of its choices. Raises LessonError
    when it is neither; `...` is none yet.

    >>> predict("00.q2", 5)
    How many threads does the thread server need for the crowd?
      You say: 5 threads. Now measure.
    """
    question = _find(name, NumberQuestion, ChoiceQuestion)
    _predictions[name] = Prediction(question, question.guess(guess))
    return _predictions[name]


def reveal(name: str, measured: Any) -> Revealed:
    """The guess that was made beside `measured`, and what is said to that.

    `measured` is in the unit of the question, or the choice that came true. Raises LessonError
    before `predict` has been called in this kernel.

    >>> _ = predict("00.q2", 200)
    >>> reveal("00.q2", 201).is_right
    True
    """
    question = _find(name, NumberQuestion, ChoiceQuestion)
    if name not in _predictions:
        raise LessonError(
            f"{name} is not revealed before you have said what you expect: put your guess into "
            f'predict("{name}", ...) above, run that cell, then this one. {question.text}'
        )
    return Revealed(_predictions[name], question.measured(measured))


def check(name: str, answer: Any) -> None:
    """Says nothing when `answer` is right, and asks for one where `...` stands.

    Raises LessonError when it is wrong: what you probably think, what happens, what to try.

    >>> check("00.k1", "threads")
    >>> check("00.k1", ...)
    00.k1 waits for your answer, in the place of the three dots. Which of the two servers ...?
    """
    checkpoint = _find(name, Checkpoint)
    if answer is ...:  # no mistake: "Run all" goes on, and leaves the question where it is
        line = f"{name} waits for your answer, in the place of the three dots. {checkpoint.text}"
        _show(line, lesson_html.aside(line))
        return
    comment = checkpoint.comment(answer)
    if comment is not None:
        raise LessonError(f"{name}: {answer!r} is not it. {_spoken(comment)}")


def shows(name: str, measured: Any) -> None:
    """Says that a claim of the notebook holds here. Raises LessonError when it does not.

    One that takes more cores than this machine has is only told, and not held.

    >>> shows("00.c2", 2)
    00.c2 holds here: the event loop ... (measured 2, at most 10)
    """
    claim = _find(name, Claim)
    value = claim.measured(measured)
    if claim.cores > cores():
        why = f"it takes {claim.cores} cores to see that {claim.statement}"
        line = f"{name} cannot be shown here: {why}"
        _show(line, lesson_html.aside(line))
        return
    found = f"(measured {figure(value)}, {{}}{claim.bound})"
    if not claim.holds(value):
        raise LessonError(
            f"{name} does not hold here: {claim.statement} {found.format('expected ')}. Measure "
            "again while nothing else runs; if it stays so, you have found something: why?"
        )
    line = f"{name} holds here: {claim.statement} {found.format('')}"
    _show(line, lesson_html.claim(line))


def _find(name: str, *kinds: Any) -> Any:
    """What `name` names, of one of `kinds`. Raises LessonError for another."""
    asked = find(name)
    if not isinstance(asked, kinds):
        call = _CALLS.get(type(asked), "predict and reveal")
        raise LessonError(f'{name} is not asked so; its call is {call}("{name}", ...)')
    return asked


def _spoken(comment: Comment) -> str:
    return f"{comment.text} [{comment.label}]" if comment.label else comment.text


def _show(line: str, html: str) -> None:
    """Shows a line: as HTML in a notebook, as text elsewhere."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(line)
        return
    from IPython.display import display

    show: Any = display
    show({"text/plain": line, "text/html": html}, raw=True)
