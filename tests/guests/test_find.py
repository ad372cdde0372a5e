"""What `module:name` leads to; and when it leads nowhere, the place where somebody can mend it."""

import sys
from pathlib import Path

import pytest

from asyncweb import App
from asyncweb.errors import AppNotFound
from asyncweb.guests.find import find_app


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder; what is imported from it is forgotten after the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        del sys.modules[name]


def test_an_app_is_found_by_its_name(folder):
    (folder / "found.py").write_text("from asyncweb import App\napp = App()")
    assert isinstance(find_app("found:app"), App)


@pytest.mark.parametrize("where", ["app", ":app", "main:", ""])
def test_what_is_not_spelled_as_module_and_name_is_told_how(where):
    with pytest.raises(AppNotFound, match="names no app; expected module:name"):
        find_app(where)


@pytest.mark.parametrize(
    ("where", "written"),
    [
        ("main.py:app", "main:app"),
        ("main.py:api", "main:api"),
        ("main.py", "main:app"),
        ("./main.py:app", "main:app"),
        (f"{Path('shop', 'main.py')}:app", "shop.main:app"),
        ("/srv/shop/main.py:app", f"main:app, in the folder {Path('/srv/shop')}"),
        ("../main.py:app", "main:app, in the folder .."),
    ],
)
def test_a_file_is_told_how_it_is_spelled_as_a_module(folder, where, written):
    (folder / "main.py").write_text("raise SystemExit")  # it is not even imported
    with pytest.raises(AppNotFound) as told:
        find_app(where)
    assert str(told.value) == f"{where!r} names a file; write {written}"


@pytest.mark.parametrize(
    ("where", "missing"), [("nowhere:app", "nowhere"), ("package.no.app:app", "package.no")]
)
def test_a_module_that_is_not_there_is_told_by_its_name(folder, where, missing):
    (folder / "package").mkdir()
    with pytest.raises(AppNotFound) as told:
        find_app(where)
    assert str(told.value) == f"no module {missing!r} here; is it in {folder}?"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "broken.py:1: ZeroDivisionError: division by zero"),
        ("\n\ndef app(:", "broken.py:3: SyntaxError: invalid syntax"),
        ("def app():\nreturn", "broken.py:2: IndentationError: expected an indented block"),
        ("eval('1 +')", "broken.py:1: SyntaxError: invalid syntax"),
        ("\nimport no_such", "broken.py:2: ModuleNotFoundError: No module named 'no_such'"),
        ("from json import no", "broken.py:1: ImportError: cannot import name 'no' from 'json'"),
        ("import json\n\njson.loads('{')", "broken.py:3: JSONDecodeError: Expecting property"),
        ("from asyncweb import App\nApp().get('x')(lambda ctx: 1)", "broken.py:2: RouteError: "),
        ("raise ValueError('one\\ntwo')", "broken.py:1: ValueError: one two"),
        ("raise ValueError", "broken.py:1: ValueError"),
        ("raise SystemExit(0)", "broken.py:1: SystemExit: 0"),
        ("import package.deep", f"{Path('package', 'deep.py')}:2: KeyError: 'here'"),
        ("a = '\0'", "source code string cannot contain null bytes"),
    ],
)
def test_a_module_that_cannot_be_imported_says_where_and_why(folder, source, said):
    (folder / "broken.py").write_text(source)
    (folder / "package").mkdir()
    (folder / "package" / "deep.py").write_text("\n{}['here']")
    with pytest.raises(AppNotFound) as told:
        find_app("broken:app")
    assert str(told.value).startswith("broken cannot be imported: ")
    assert said in str(told.value) and "\n" not in str(told.value)


def test_a_module_from_elsewhere_says_its_whole_path(folder, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "far.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(elsewhere)
    with pytest.raises(AppNotFound) as told:
        find_app("far:app")
    assert f"{elsewhere / 'far.py'}:1: ZeroDivisionError" in str(told.value)
