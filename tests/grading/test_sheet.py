"""What `asyncweb watch` shows of a grade."""

from asyncweb.grading.outcomes import Outcome, Verdict
from asyncweb.grading.score import score
from asyncweb.grading.student.desk import Desk
from asyncweb.grading.student.look import Look
from asyncweb.grading.student.progress import Progress
from asyncweb.grading.student.sheet import Sheet, body

ADDED = Verdict("test_two_numbers_are_added", "1.1", Outcome.PASSED)
MET = Verdict("test_all_callers_meet", "1.2", Outcome.PASSED)
WAITS = Verdict("test_all_callers_meet", "1.2", Outcome.BLOCKED, blocked_by="1.1")


def shown(toy, folder, *verdicts):
    sheet = Sheet(Desk(folder, [toy], Progress(folder)), toy, score(toy, verdicts))
    return "\n".join(str(line) for line in body(sheet, Look()))


def test_only_what_has_passed_is_called_right(toy, tmp_path):
    assert "All of it is right" in shown(toy, tmp_path, ADDED, MET)
    assert "All of it is right" not in shown(toy, tmp_path, ADDED, WAITS)
