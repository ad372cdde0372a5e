"""A door is left where only its user can find it, and nowhere else."""

import os
import stat
import sys

import pytest

from asyncweb.attach import place

DOOR = place.Door(4711, "secret")
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of files")


def folder_of(runtime):
    return next(runtime.iterdir())


def test_a_door_that_was_left_is_found_and_can_be_forgotten():
    place.leave(1, DOOR)
    assert place.find(1) == DOOR and place.pids() == [1]
    place.forget(1)
    assert place.find(1) is None and place.pids() == []


def test_of_two_doors_of_one_process_the_later_holds_and_the_earlier_leaves_it_alone():
    later = place.Door(4712, "other")
    file = place.leave(1, DOOR)
    assert place.leave(1, later) == file
    place.take_back(file, DOOR)
    assert place.find(1) == later
    place.take_back(file, later)
    assert place.find(1) is None


@posix_only
def test_only_its_user_can_read_a_door(runtime):
    place.leave(1, DOOR)
    folder = folder_of(runtime)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "1").stat().st_mode) == 0o600


@posix_only
def test_a_folder_that_others_can_enter_is_not_trusted(runtime):
    place.leave(1, DOOR)
    folder_of(runtime).chmod(0o755)
    assert place.find(1) is None and place.pids() == []
    with pytest.raises(PermissionError, match="not yours alone; remove it, or set XDG_RUNTIME_DIR"):
        place.leave(2, DOOR)


@posix_only
def test_a_link_that_stands_in_the_place_of_the_folder_is_not_followed(runtime, tmp_path_factory):
    place.leave(1, DOOR)
    folder, elsewhere = folder_of(runtime), tmp_path_factory.mktemp("elsewhere")
    place.forget(1)
    folder.rmdir()
    folder.symlink_to(elsewhere)
    with pytest.raises(NotADirectoryError, match="is no folder; remove it"):
        place.leave(1, DOOR)
    assert not list(elsewhere.iterdir())


@posix_only
def test_a_link_that_stands_in_the_place_of_the_file_is_replaced_and_not_followed(runtime):
    place.leave(1, DOOR)
    file, victim = folder_of(runtime) / "1", runtime / "victim"
    victim.write_text("mine")
    file.unlink()
    file.symlink_to(victim)
    place.leave(1, DOOR)
    assert victim.read_text() == "mine" and not file.is_symlink()


def test_without_a_runtime_folder_the_temporary_one_is_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    place.leave(1, DOOR)
    assert place.find(1) == DOOR and os.listdir(tmp_path)


@pytest.mark.parametrize("text", ["", "4711", "four seven", "1 2 3"])
def test_a_file_that_is_no_door_is_none(runtime, text):
    place.leave(1, DOOR)
    (folder_of(runtime) / "1").write_text(text)
    assert place.find(1) is None
