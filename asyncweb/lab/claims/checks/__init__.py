"""What each language checks of a program's memory: snippets with a fault each, compiled and run.

Rule: the table is observed on this machine; a language whose tools are missing says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from asyncweb.lab.claims.checks.languages import LANGUAGES, Language
from asyncweb.lab.claims.checks.observing import CannotCheck, check
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import CHECKS


def checks(
    say: Callable[[str], object] = lambda line: None, languages: Iterable[Language] = LANGUAGES
) -> Figures:
    """Under CHECKS, one look for each language, or why there is none. Takes some ten seconds.

    The first build for Go's race detector takes a minute.
    """
    figures = Figures()
    for language in languages:
        say(f"checking what {language.name} notices")
        try:
            figures.add(CHECKS, language.name, check(language))
        except CannotCheck as error:
            figures.fail(CHECKS, language.name, str(error))
    return figures
