"""The languages of the table, and how a snippet of each is compiled and run.

Rule: a row is a language with the flags that decide what it notices; the same compiler with other
flags is another row.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from asyncweb.lab.claims.checks.outcomes import Fault

SNIPPETS = Path(__file__).parent / "snippets"
SOUND = "sound"  # the snippet without a fault, which shows that the tools work here
SOURCE, PROGRAM, FOLDER, CLASS = "SOURCE", "PROGRAM", "FOLDER", "CLASS"  # filled in by `command`


@dataclass(frozen=True)
class Language:
    """One row. Its snippets are looked for in `folders`, the first one that has it."""

    name: str
    folders: tuple[str, ...]
    suffix: str
    compiles: tuple[str, ...]  # () where nothing is compiled before it runs
    runs: tuple[str, ...]
    way_out: str = field(repr=False)  # when the tool is missing

    @property
    def tool(self) -> str:
        """The program that has to be here."""
        return (self.compiles or self.runs)[0]

    def snippet(self, fault: Fault | str) -> Path:
        """The file that shows the fault.

        >>> LANGUAGES[0].snippet(Fault.RACE).name
        'race.rs'
        """
        places = [SNIPPETS / folder / f"{fault}{self.suffix}" for folder in self.folders]
        return next(place for place in places if place.exists())


def command(parts: tuple[str, ...], source: Path, folder: Path) -> list[str]:
    """`parts` with the words in capitals replaced by where things are.

    >>> command(("java", "-cp", FOLDER, CLASS), Path("race.java"), Path("built"))
    ['java', '-cp', 'built', 'Race']
    """
    places = {
        SOURCE: str(source),
        PROGRAM: str(folder / "program.exe"),  # a name that Windows runs, too
        FOLDER: str(folder),
        CLASS: source.stem.capitalize(),
    }
    return [places.get(part, part) for part in parts]


_RUSTC = ("rustc", "--edition", "2021", "-o", PROGRAM, SOURCE)
_RUST_COMES_FROM = "Rust comes with rustup, from the page of the Rust project"
_GCC = ("gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O1", "-g", "-Wall", "-Wextra", "-pthread")
_GCC_COMES_FROM = "install gcc, e.g. apt-get install gcc"
_GO_COMES_FROM = "install Go 1.21 or newer from the page of the Go project"


def _c(name: str, *flags: str) -> Language:
    return Language(
        name, ("c",), ".c", (*_GCC, *flags, "-o", PROGRAM, SOURCE), (PROGRAM,), _GCC_COMES_FROM
    )


def _go(name: str, *flags: str) -> Language:
    compiles = ("go", "build", *flags, "-o", PROGRAM, SOURCE)
    return Language(name, ("go",), ".go", compiles, (PROGRAM,), _GO_COMES_FROM)


RUST = Language("Rust", ("rust",), ".rs", _RUSTC, (PROGRAM,), _RUST_COMES_FROM)
RUST_UNSAFE = Language(
    "Rust, unsafe", ("rust_unsafe", "rust"), ".rs", _RUSTC, (PROGRAM,), _RUST_COMES_FROM
)
C = _c("C")
C_ADDRESS = _c("C, address sanitizer", "-fsanitize=address")
C_THREAD = _c("C, thread sanitizer", "-fsanitize=thread")
GO = _go("Go")
GO_RACE = _go("Go, -race", "-race")
JAVA = Language(
    "Java", ("java",), ".java", ("javac", "-Xlint:all", "-d", FOLDER, SOURCE),
    ("java", "-cp", FOLDER, CLASS), "install a JDK, e.g. apt-get install openjdk-17-jdk-headless",
)  # fmt: skip
JAVASCRIPT = Language(
    "JavaScript", ("javascript",), ".js", (), ("node", "--expose-gc", SOURCE),
    "install Node.js, e.g. apt-get install nodejs",
)  # fmt: skip
PYTHON = Language("Python", ("python",), ".py", (), (sys.executable, SOURCE), "")
LANGUAGES = (
    RUST, RUST_UNSAFE, C, C_ADDRESS, C_THREAD, GO, GO_RACE, JAVA, JAVASCRIPT, PYTHON,
)  # fmt: skip
