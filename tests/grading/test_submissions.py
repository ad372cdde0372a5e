"""Whatever a student hands in, and however it was packed: their work is found, and nothing else."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from asyncweb.errors import ExerciseError
from asyncweb.grading.submissions import empty_handed, left_out, submissions


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("ada", "toy/work.py"),
        ("ada", "exercises/toy/work.py"),
        ("ada", "work.py"),
        ("ada.zip", "toy/work.py"),
        ("ada.zip", "ada-main/exercises/toy/work.py"),
        ("ada.zip", "work.py"),
        ("ada.zip", "./toy/work.py"),
        ("ada.zip", "exercises//toy/work.py"),
        ("ada.zip", "toy\\work.py"),
    ],
)
def test_work_is_found_wherever_a_student_has_put_it(handed_in, toy, name, place):
    handed_in(name, "mine", place)
    (submission,) = submissions(handed_in.folder)
    assert submission.name == "ada"
    assert submission.works([toy]) == {"toy": b"mine"}


def test_a_lone_zip_in_a_folder_is_what_was_handed_in(handed_in, toy):
    handed_in("ada", "a note of the platform", "onlinetext.html")
    handed_in("ada/solution.ZIP", "mine")
    (submission,) = submissions(handed_in.folder)
    assert submission.name == "ada"
    assert submission.works([toy]) == {"toy": b"mine"}


def test_a_zip_beside_a_work_py_or_another_zip_is_not_opened(handed_in, toy):
    handed_in("ada", "in the folder")
    handed_in("ada/old.zip", "in the zip")
    handed_in("bob", "", "notes.txt")
    handed_in("bob/1.zip", "first")
    handed_in("bob/2.zip", "second")
    ada, bob = submissions(handed_in.folder)
    assert ada.works([toy]) == {"toy": b"in the folder"}
    assert bob.works([toy]) == {}


def test_who_has_handed_in_no_work_is_named(handed_in, toy):
    handed_in("ada", "mine")
    handed_in("bob", "", "notes.txt")
    (handed_in.folder / "eve.zip").write_text("no zip")  # graded, and told why
    assert empty_handed(submissions(handed_in.folder), [toy]) == ["bob"]


@pytest.mark.parametrize(
    "place",
    [
        "__MACOSX/toy/work.py", "toy/teacher/work.py", "a/b/c/d/e/toy/work.py",
        "toy/work.py/", "toy\\work.py\\",
    ],
)  # fmt: skip
def test_what_is_no_work_of_theirs_is_not_taken(handed_in, toy, place):
    handed_in("ada.zip", "no", place)
    (submission,) = submissions(handed_in.folder)
    assert submission.works([toy]) == {}


def test_a_link_out_of_a_submission_is_not_followed(handed_in, toy, tmp_path):
    handed_in("ada", "", "notes.txt")
    (tmp_path / "secret.py").write_text("secret")
    (handed_in.folder / "ada" / "work.py").symlink_to(tmp_path / "secret.py")
    (submission,) = submissions(handed_in.folder)
    assert submission.works([toy]) == {}


def test_what_is_broken_in_a_zip_costs_its_exercise_alone(handed_in, toy):
    file = handed_in.folder / "ada.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("toy/work.py", "mine")
        zipped.writestr("other/work.py", "mine too")
    spoil(file, "toy/work.py")
    (submission,) = submissions(handed_in.folder)
    works = submission.works([toy, replace(toy, folder=Path("other"))])
    assert works["other"] == b"mine too"
    assert str(works["toy"]).startswith("ada.zip: toy/work.py cannot be read: ")


def spoil(file, name):
    """Replaces what is packed under `name` by what no unpacker understands."""
    with zipfile.ZipFile(file) as zipped:
        member = zipped.getinfo(name)
    text = bytearray(file.read_bytes())
    start = member.header_offset + zipfile.sizeFileHeader + len(name)
    text[start : start + member.compress_size] = b"\xff" * member.compress_size
    file.write_bytes(text)


def test_a_folder_without_submissions_says_what_came_and_what_was_expected(handed_in):
    with pytest.raises(ExerciseError, match="holds nothing; expected a folder or a zip for each"):
        submissions(handed_in.folder)
    (handed_in.folder / "ada.py").write_text("mine")
    with pytest.raises(ExerciseError, match=r"holds ada\.py; expected a folder or a zip for each"):
        submissions(handed_in.folder)


def test_a_folder_and_a_zip_of_one_name_are_told(handed_in):
    handed_in("ada", "mine")
    handed_in("ada.zip", "mine too")
    with pytest.raises(ExerciseError, match=r"holds ada and ada\.zip, both of ada; take"):
        submissions(handed_in.folder)


def test_what_is_neither_a_folder_nor_a_zip_is_left_out_by_name(handed_in):
    handed_in("ada.ZIP", "mine")
    for name in ("bob.rar", "eve.py", ".DS_Store"):
        (handed_in.folder / name).write_text("")
    assert [each.name for each in submissions(handed_in.folder)] == ["ada"]
    assert left_out(handed_in.folder) == ["bob.rar", "eve.py"]
