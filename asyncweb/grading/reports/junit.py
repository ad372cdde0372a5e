"""JUnit XML: a suite for each exercise, a case for each test.

Rule: what is wrong in the student's file is a failure, what no test could find out is an error,
and what has not been tried is skipped. Any text a program prints becomes XML that can be read.

Source: the schema that Jenkins publishes, jenkinsci/xunit-plugin, junit-10.xsd.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from asyncweb.grading.outcomes import Outcome, Verdict
from asyncweb.grading.reports import Writer
from asyncweb.grading.score import Grade
from asyncweb.grading.show import message_lines

_TAGS = {
    Outcome.FAILED: "failure", Outcome.TIMED_OUT: "failure", Outcome.CRASHED: "error",
    Outcome.GRADER_FAULT: "error", Outcome.NOT_ATTEMPTED: "skipped", Outcome.BLOCKED: "skipped",
}  # fmt: skip
_COUNTS = {"failure": "failures", "error": "errors", "skipped": "skipped"}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writer() -> Writer:
    """What writes it."""
    return report


def report(grades: Sequence[Grade]) -> str:
    """The grades as JUnit XML."""
    verdicts = [verdict for grade in grades for verdict in grade.verdicts]
    root = Element("testsuites", {"name": "asyncweb", **_counts(verdicts)})
    for grade in grades:
        suite = SubElement(
            root, "testsuite", {"name": grade.exercise.name, **_counts(grade.verdicts)}
        )
        for verdict in grade.verdicts:
            _add_case(suite, grade, verdict)
        if grade.message:
            said = "\n".join(message_lines(grade.message))
            SubElement(suite, "system-out").text = _readable(said)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _counts(verdicts: Sequence[Verdict]) -> dict[str, str]:
    tags = [_TAGS.get(verdict.outcome) for verdict in verdicts]
    counts = {name: str(tags.count(tag)) for tag, name in _COUNTS.items()}
    return {"tests": str(len(verdicts)), **counts}


def _add_case(suite: Element, grade: Grade, verdict: Verdict) -> None:
    name = grade.exercise.name
    case = SubElement(suite, "testcase", classname=name, name=verdict.test or verdict.task)
    tag = _TAGS.get(verdict.outcome)
    if tag is None:
        return
    blocked = f"blocked by {verdict.blocked_by}" if verdict.blocked_by else ""
    message = _readable(verdict.detail or blocked or verdict.outcome)
    found = SubElement(case, tag, message=message)
    if tag != "skipped":
        found.set("type", verdict.label)
        found.text = _readable(str(verdict.line or ""))


def _readable(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
