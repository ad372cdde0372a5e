"""A JDK is found by what lies in its folder, and the newest one is taken."""

from pathlib import Path

import pytest

from asyncweb.lab.claims.peers.spring import jdk


@pytest.fixture
def home(tmp_path):
    """Makes the folder of a JDK whose file `release` says `version`; without one there is none."""

    def make(name: str, version: str | None, compiler: str = "javac") -> Path:
        folder = tmp_path / name
        (folder / "bin").mkdir(parents=True)
        for program in (compiler, f"{compiler}.exe"):
            (folder / "bin" / program).touch(0o755)
        if version is not None:
            (folder / "release").write_text(f'IMPLEMENTOR="A"\nJAVA_VERSION="{version}"\n')
        return folder

    return make


def test_the_newest_is_taken_by_number_and_not_by_letter(home):
    homes = [home("a", "17.0.15"), home("c", "25.0.3"), home("b", "9.0.4")]
    found = jdk.newest(homes)
    assert found == jdk.Jdk((25, 0, 3), homes[1])
    assert found.number == "25.0.3"
    assert Path(found.java) == homes[1] / "bin" / "java"


def test_an_early_version_is_known_by_its_number_alone(home):
    assert jdk.newest([home("early", "27-ea")]).version == (27,)


@pytest.mark.parametrize("version", [None, "", "unknown"])
def test_what_does_not_say_its_version_is_none(home, version):
    assert jdk.newest([home("silent", version)]) is None


def test_what_cannot_compile_is_none(home):
    assert jdk.newest([home("runtime", "25", compiler="java")]) is None


def test_a_folder_that_is_not_there_is_none(tmp_path):
    assert jdk.newest([tmp_path / "nowhere"]) is None


def test_the_user_may_name_the_folder(home, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", str(home("mine", "999")))
    assert jdk.newest().version == (999,)


@pytest.mark.parametrize("found", [None, jdk.Jdk((20, 0, 2), Path("jdk-20"))])
def test_one_that_does_not_do_is_told_with_the_way_out(found):
    why = jdk.lacking(21, found)
    assert "21 or newer" in why
    assert "openjdk-21-jdk" in why
    assert "JAVA_HOME" in why


def test_one_of_the_very_number_does():
    assert jdk.lacking(21, jdk.Jdk((21,), Path("jdk-21"))) == ""
