"""The house rules: which room may import which, what quiet rooms never touch, and the sizes."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import asyncweb

PACKAGE = Path(asyncweb.__file__).parent
# From the ground up; a room imports from its own floor's room and from the floors below.
FLOORS = (
    ("errors",),
    ("coroutine", "derived", "http"),
    ("awaits", "encoding", "engine", "events", "loopless", "sending", "state", "stream"),
    ("file_pieces", "form"),
    ("received",),
    ("context", "pieces"),
    ("channel",),
    ("frames",),
    ("websocket",),
    ("broadcast",),
    ("hooks", "middleware", "static"),
    ("compression", "routes", "upgrades"),
    ("gateways",),
    ("app", "connection"),
    ("guests",),
    ("servers",),
    ("testing",),
    ("metrics",),
    ("attach",),
    ("instruments",),
    ("drawing", "output"),
    ("loadtest",),
    ("dashboard",),
    ("lab", "grading"),
    ("claims_arguments", "course_arguments", "exercise_arguments"),
    ("arguments", "flags"),
    ("commands",),
    ("cli",),
)
QUIET = (
    "errors", "coroutine", "derived", "http", "encoding", "engine", "events", "sending",
    "state", "stream", "form", "received", "context", "channel", "frames", "websocket", "hooks",
    "middleware", "static", "compression", "routes", "upgrades", "app", "connection",
    "attach/route_names",
    "dashboard/changes", "dashboard/page/wire", "dashboard/tape",
    "grading/blame", "grading/exercise", "grading/hints", "grading/marks", "grading/outcomes",
    "grading/reports", "grading/score", "grading/show", "grading/source", "grading/stub",
    "grading/student/hinting", "grading/student/look", "grading/student/misconceptions",
    "grading/student/progress", "grading/words",
    "grading/yes_man",
    "instruments/letters", "instruments/schedule", "instruments/shared_access",
    "instruments/story",
    "lab/claims/costs", "lab/claims/dots", "lab/claims/misleading", "lab/claims/page",
    "lab/claims/plots", "lab/claims/report",
    "lab/claims/twelve", "lab/lifeline_picture", "lab/mixture", "lab/omission",
    "lab/resampling", "lab/simulation", "lab/timeline/blocked",
    "lab/timeline/notes", "lab/timeline/scale", "lab/timeline/story", "lab/timeline/svg",
    "lab/timeline/words", "lab/trend", "lab/trouble",
    "loadtest/answers", "loadtest/arrivals", "loadtest/ask", "loadtest/compare",
    "loadtest/exports", "loadtest/limits", "loadtest/merging",
    "loadtest/noise",
    "loadtest/percentiles", "loadtest/plan", "loadtest/progress", "loadtest/questions",
    "loadtest/result", "loadtest/rounds", "loadtest/second", "loadtest/spoken",
    "loadtest/tally", "loadtest/threshold",
    "metrics/histogram", "metrics/snapshot", "metrics/turn",
)  # fmt: skip
LOUD = {"asyncio", "socket", "selectors", "threading", "time", "uvloop", "rich"}
FILE_LINES, FUNCTION_LINES, NESTING, ENGINE_LINES, PARAMETERS = 300, 40, 3, 200, 8
NO_NAMES = {"utils", "helpers", "common", "manager"}
NESTS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def modules():
    files = sorted(PACKAGE.rglob("*.py"))
    course = {"notebooks", "exercises"}  # in an installed package they are beside the rooms
    return [file for file in files if not course & set(file.relative_to(PACKAGE).parts)]


def name_of(file):
    return file.relative_to(PACKAGE).with_suffix("").as_posix()


def room_of(module):
    return module.split("/")[0]


def imports(tree):
    """Every module that is imported when the code runs, not only for the type checker."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
        else:
            yield from imports(node)


def floor(room):
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def wrong_imports(module, tree):
    """What `module` may not import, by its floor."""
    here = room_of(module)
    for name in imports(tree):
        parts = name.split(".")
        if parts[0] != "asyncweb" or len(parts) == 1 or parts[1] == here:
            continue
        there = parts[1]
        if floor(there) >= floor(here):
            yield name


def loud_imports(tree):
    return LOUD & {name.split(".")[0] for name in imports(tree)}


def functions(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def depth(node):
    """How deep the statements below `node` are nested; `elif` is no level of its own."""
    deepest = 0
    for child in ast.iter_child_nodes(node):
        is_elif = isinstance(node, ast.If) and [child] == node.orelse and isinstance(child, ast.If)
        deepest = max(deepest, depth(child) + (isinstance(child, NESTS) and not is_elif))
    return deepest


EVERY_MODULE = pytest.mark.parametrize("file", modules(), ids=name_of)
INSIDE = [file for file in modules() if name_of(file) not in ("__init__", "__main__")]


def test_every_room_has_its_floor():
    rooms = {room_of(name_of(file)) for file in INSIDE}
    assert rooms == {room for rooms in FLOORS for room in rooms}


@pytest.mark.parametrize("file", INSIDE, ids=name_of)
def test_a_room_imports_only_from_floors_below(file):
    assert not list(wrong_imports(name_of(file), ast.parse(file.read_text())))


def test_the_two_engines_never_import_each_other():
    for file in (PACKAGE / "servers").glob("*.py"):
        named = {name.split(".")[-1] for name in imports(ast.parse(file.read_text()))}
        if file.stem.startswith("aio"):
            assert not named & {"threads", "thread_client", "pool"}
        if file.stem in ("threads", "thread_client", "pool"):
            assert not {name for name in named if name.startswith("aio")}


@pytest.mark.parametrize("module", QUIET)
def test_a_quiet_room_knows_no_socket_loop_or_clock(module):
    place = PACKAGE / module
    files = list(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    assert files
    for file in files:
        assert not loud_imports(ast.parse(file.read_text())), file.name


@EVERY_MODULE
def test_files_and_functions_are_short_and_flat(file):
    text = file.read_text()
    assert text.count("\n") <= FILE_LINES
    for function in functions(ast.parse(text)):
        assert function.end_lineno - function.lineno < FUNCTION_LINES, function.name
        assert depth(function) <= NESTING, function.name
        arguments = function.args.args + function.args.kwonlyargs
        assert len(arguments) <= PARAMETERS, function.name


@pytest.mark.parametrize("engine", ["aio", "threads"])
def test_an_engine_is_short(engine):
    assert (PACKAGE / "servers" / f"{engine}.py").read_text().count("\n") < ENGINE_LINES


@EVERY_MODULE
def test_a_module_has_a_name_from_the_field_and_says_what_it_is(file):
    assert not NO_NAMES & set(name_of(file).split("/"))
    assert ast.get_docstring(ast.parse(file.read_text()))


def test_import_asyncweb_is_light():
    heavy = "print({'rich', 'matplotlib', 'uvloop', 'asyncio'} & set(sys.modules))"
    code = f"import sys, asyncweb; {heavy}"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


def test_a_server_that_listens_has_loaded_only_what_it_needs():
    rare = {"access_log", "aio_stream", "aio_tls", "self_signed", "threads", "tls", "unix"}
    unwanted = {f"asyncweb.servers.{name}" for name in rare}
    unwanted |= {"asyncweb.events", "asyncweb.http.file", "asyncweb.pieces", "asyncweb.websocket"}
    unwanted |= {"datetime", "http", "ipaddress", "json", "pathlib", "rich", "urllib.parse"}
    code = (
        "import sys, asyncio; loaded = set(sys.modules); from asyncweb import App, AsyncServer; "
        f"AsyncServer(App()).start().stop(); print({unwanted} & (set(sys.modules) - loaded))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


def test_every_public_name_is_there_and_documented():
    for name in asyncweb.__all__:
        assert getattr(asyncweb, name).__doc__
        assert name in dir(asyncweb)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = asyncweb.Nothing


def test_every_module_can_be_imported_alone():
    for file in INSIDE:
        module = "asyncweb." + name_of(file).replace("/", ".").removesuffix(".__init__")
        importlib.import_module(module)


def test_this_checker_sees_what_is_wrong():
    upstairs = ast.parse("def f():\n    from asyncweb.lab.measure import load")
    assert list(wrong_imports("app", upstairs)) == ["asyncweb.lab.measure"]
    assert list(wrong_imports("lab/demo", ast.parse("import asyncweb.cli"))) == ["asyncweb.cli"]
    assert loud_imports(ast.parse("from time import sleep")) == {"time"}
    assert not loud_imports(ast.parse("if TYPE_CHECKING:\n    import socket"))
    nested = "for a in b:\n  if a:\n    with a:\n      while a:\n        pass"
    assert depth(ast.parse(nested)) == 4
    assert depth(ast.parse("if a:\n  pass\nelif b:\n  pass\nelif c:\n  pass")) == 1
