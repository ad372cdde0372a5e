"""Each report has the fields that its reader publishes, and says what the grades say."""

import csv
import io
import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import jsonschema
import pytest
from rich.console import Console

from asyncweb.errors import ExerciseError
from asyncweb.grading.outcomes import Line, Outcome, Verdict
from asyncweb.grading.reports import REPORTS, classroom50, gradescope, junit, own, spreadsheet
from asyncweb.grading.reports.classroom50 import Submission
from asyncweb.grading.score import score
from asyncweb.grading.table import results_table

RUNNER = {
    "CLASSROOM": "servers", "ASSIGNMENT": "exercises", "ASSIGNMENT_TYPE": "individual",
    "OWNER": "ada", "SUBMISSION_TAG": "submit/2026-09-01T10-00-00Z-abc1234",
    "COMMIT_URL": "https://git.example/commit/abc", "RELEASE_URL": "https://git.example/release/1",
    "REVIEW_URL": "https://git.example/compare/abc",
}  # fmt: skip
NOW = datetime(2026, 9, 1, 10, 0, 5, tzinfo=UTC)
LINE = Line("work.py", 12, "return await first()")
# Every outcome of the second task, beside a first one that has passed.
FOUND = {
    Outcome.PASSED: {},
    Outcome.FAILED: {"label": "M02", "facts": {"callers": "3", "came": "1"}, "line": LINE},
    Outcome.TIMED_OUT: {"label": "hang", "detail": "after 1 s it still stands", "line": LINE},
    Outcome.CRASHED: {"label": "crashed", "detail": "the process\x00 has \ud800ended"},
    Outcome.NOT_ATTEMPTED: {"label": "stub", "detail": "Task 1.2 is still to be done."},
    Outcome.BLOCKED: {"blocked_by": "1.1"},
    Outcome.GRADER_FAULT: {"label": "fault", "detail": "our own"},
}
FAILED = [outcome for outcome in FOUND if outcome not in (Outcome.PASSED, Outcome.GRADER_FAULT)]


def graded(toy, outcome):
    return score(
        toy,
        [
            Verdict("test_two_numbers_are_added[7]", "1.1", Outcome.PASSED, seed=7),
            Verdict("test_all_callers_meet", "1.2", outcome, **FOUND[outcome]),
        ],
    )


@pytest.fixture(params=FOUND)
def grades(request, toy):
    return [graded(toy, request.param), graded(toy, Outcome.PASSED)]


def points_of(grades):
    return [each.earned for grade in grades for each in grade.tasks]


def test_the_table_shows_a_line_as_it_is_whatever_stands_in_it(toy):
    line = Line("work.py", 3, 'return x[0] + "[/bold]"')
    verdict = Verdict("test_all_callers_meet", "1.2", Outcome.FAILED, "M02", line=line)
    drawn = Console(file=io.StringIO(), width=120)
    drawn.print(results_table([score(toy, [verdict])]))
    assert line.text in drawn.file.getvalue()


def test_our_own_report_keeps_its_schema(grades):
    report = json.loads(own.report(grades))
    jsonschema.Draft202012Validator.check_schema(own.schema())
    jsonschema.validate(report, own.schema())
    assert (report["schema"], report["score"]) == ("asyncweb/grades/v1", sum(points_of(grades)))


@pytest.mark.parametrize("outcome", ["wrong", None])
def test_the_schema_sees_what_is_wrong(toy, outcome):
    report = json.loads(own.report([graded(toy, Outcome.FAILED)]))
    report["exercises"][0]["tests"][0]["outcome"] = outcome
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, own.schema())


GRADESCOPE = {
    "output", "output_format", "execution_time", "visibility", "stdout_visibility", "extra_data",
    "leaderboard", "tests",
}  # fmt: skip
GRADESCOPE_TEST = {
    "name", "number", "score", "max_score", "status", "output", "output_format", "tags",
    "visibility", "extra_data",
}  # fmt: skip


def test_gradescope_gets_its_fields_and_sums_up_itself(grades):
    report = json.loads(gradescope.report(grades))
    assert set(report) <= GRADESCOPE  # and no score, which would take the place of the sum
    assert report["stdout_visibility"] in ("hidden", "visible")
    assert [test["score"] for test in report["tests"]] == points_of(grades)
    for test in report["tests"]:
        assert set(test) == GRADESCOPE_TEST
        assert test["status"] == ("passed" if test["score"] == test["max_score"] else "failed")
        assert test["output_format"] == "text" and test["visibility"] == "visible"


def test_gradescope_tells_the_message_once_at_its_task(toy):
    first, second = gradescope.results([graded(toy, Outcome.FAILED)])["tests"]
    assert first["output"] == "passed"
    assert "What happens: Of 3 callers 1 came." in second["output"]
    assert second["extra_data"] == {"outcome": "failed", "label": "M02"}


def test_gradescope_says_what_has_to_be_looked_at_by_hand(toy):
    report = gradescope.results([graded(toy, Outcome.GRADER_FAULT)])
    assert report["output"] == "5 of 5 points. To be looked at by hand: toy."


# github.com/foundation50/classroom50, schemas/result-v1.schema.json, as it is published
TEXT, URL = {"type": "string", "minLength": 1}, {"type": "string", "minLength": 1}
POINTS = {"type": "integer", "minimum": 0}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"}
CLASSROOM50_TEST = {
    "test-name": TEXT, "passed": {"type": "boolean"}, "score": POINTS, "max-score": POINTS,
}  # fmt: skip
CLASSROOM50 = {
    "schema": {"const": "classroom50/result/v1"},
    "classroom": TEXT,
    "assignment": TEXT,
    "assignment_type": {"enum": ["individual", "group"]},
    "owner": TEXT,
    "submission": {"type": "string", "pattern": "^submit/"},
    "commit": URL,
    "release": URL,
    "review": URL,
    "datetime": MOMENT,
    "score": POINTS,
    "max-score": POINTS,
    "tests": {
        "type": "array",
        "items": {"properties": CLASSROOM50_TEST, "required": [*CLASSROOM50_TEST]},
    },
}


def test_classroom50_gets_its_fields_and_whole_points(grades):
    report = classroom50.result(grades, Submission.read(RUNNER), NOW)
    jsonschema.validate(
        json.loads(json.dumps(report)),
        {"properties": CLASSROOM50, "required": [*CLASSROOM50], "additionalProperties": False},
    )
    assert report["score"] == sum(test["score"] for test in report["tests"]) <= report["max-score"]
    assert report["datetime"] == "2026-09-01T10:00:05Z"
    names = [test["test-name"] for test in report["tests"][:2]]
    assert names == ["toy 1.1: Add", "toy 1.2: Meet"]


@pytest.mark.parametrize("name", ["CLASSROOM", "ASSIGNMENT", "OWNER", "SUBMISSION_TAG"])
def test_classroom50_names_what_the_runner_has_not_set(name):
    with pytest.raises(ExerciseError, match=f"needs {name} in the environment"):
        Submission.read({**RUNNER, name: "  "})


def test_classroom50_takes_the_commit_where_there_is_nothing_to_compare():
    assert Submission.read({**RUNNER, "REVIEW_URL": ""}).review == RUNNER["COMMIT_URL"]


def test_classroom50_refuses_a_tag_that_is_no_submission():
    with pytest.raises(ExerciseError, match="expected one that begins with submit/"):
        Submission.read({**RUNNER, "SUBMISSION_TAG": "v1.0"})


# jenkinsci/xunit-plugin, junit-10.xsd: which attributes and children each element may have
JUNIT = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors", "skipped"}, set()),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"name", "tests"}),
    "testcase": ({"name", "classname", "time", "assertions"}, {"name", "classname"}),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "skipped": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}


def test_junit_has_its_elements_and_counts_them(grades):
    root = ElementTree.fromstring(junit.report(grades).encode())
    for element in root.iter():
        may, must = JUNIT[element.tag]
        assert must <= set(element.attrib) <= may
    for suite in root.iter("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase")) == 2
        for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(name)) == len(suite.findall(f"testcase/{tag}"))


@pytest.mark.parametrize("outcome", FAILED)
def test_junit_never_shows_green_what_has_not_passed(toy, outcome):
    root = ElementTree.fromstring(junit.report([graded(toy, outcome)]).encode())
    passed, other = root.iter("testcase")
    assert len(passed) == 0 and len(other) == 1


def test_junit_can_be_read_whatever_a_program_has_printed(toy):
    text = junit.report([graded(toy, Outcome.CRASHED)])
    error = ElementTree.fromstring(text.encode()).find(".//error")
    assert error.get("message") == "the process\ufffd has \ufffdended"


def test_csv_has_a_row_for_each_task(grades):
    columns, *rows = csv.reader(io.StringIO(spreadsheet.report(grades)))
    assert tuple(columns) == spreadsheet.COLUMNS
    assert [int(row[4]) for row in rows] == points_of(grades)
    assert {len(row) for row in rows} == {len(columns)}


def test_csv_names_label_and_line_at_the_task_that_is_told(toy):
    *_, row = csv.DictReader(io.StringIO(spreadsheet.report([graded(toy, Outcome.FAILED)])))
    assert (row["task"], row["label"], row["line"]) == ("1.2", "M02", "12")


def test_csv_holds_no_formula():
    assert spreadsheet.plain("=HYPERLINK(1)") == "'=HYPERLINK(1)"


def test_every_report_is_told_in_the_help():
    from asyncweb.exercise_arguments import _REPORTS

    assert tuple(_REPORTS) == REPORTS
