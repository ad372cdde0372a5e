"""The article's snippets: what each was meant to do, what it does, and how it goes in Python.

Rule: the facts are the article's, the code is ours: the shortest Rust that calls the same and does
the same, which is the very file that is compiled, and beside it the very Python that is served.

The article: "Rust Async Web Framework Performance Breakthrough", DEV Community, July 2025. The copy
that was at hand breaks off in its second snippet; `known` says what each rests on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asyncweb.lab.claims.article.markup import pair
from asyncweb.lab.shown import Shown

if TYPE_CHECKING:
    from rich.console import RenderableType

HERE = Path(__file__).parent


@dataclass(frozen=True, repr=False)
class Snippet(Shown):
    """One of them; `name` is also that of its files, and `/name` is where it answers.

    >>> silent = next(snippet for snippet in snippets() if snippet.name == "silent")
    >>> silent.rust.splitlines()[-1]
    '} // and nobody has called ctx.send()'
    """

    name: str
    meant: str
    does: str
    differs: str  # the Python beside it
    known: str  # of the article's own lines

    @property
    def rust(self) -> str:
        """Its handler on hyperlane 5.40.1."""
        return (HERE / "crates" / "article" / "src" / f"{self.name}.rs").read_text().strip()

    @property
    def python(self) -> str:
        """The same on asyncweb, as it should be."""
        return (HERE / "python" / f"{self.name}.py").read_text().strip()

    def to_dict(self) -> dict[str, str]:
        """All of it, as JSON can hold it."""
        return {**asdict(self), "rust": self.rust, "python": self.python}

    @property
    def html(self) -> str:
        """A piece of a page: both languages beside each other, and what is said of them."""
        return pair(self)

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, str]:
        return {**super()._repr_mimebundle_(), "text/html": self.html}

    def __rich__(self) -> RenderableType:
        from rich.syntax import Syntax
        from rich.table import Table

        title = f"{self.name} ({self.known})"
        table = Table(title=title, title_justify="left", show_lines=True, expand=True)
        table.add_column("after the article, hyperlane 5.40.1", ratio=1)
        table.add_column("as it should be, asyncweb", ratio=1)
        table.add_row(
            *(
                Syntax(code, language, theme="ansi_light", word_wrap=True)
                for code, language in ((self.rust, "rust"), (self.python, "python"))
            )
        )
        table.add_row(f"meant: {self.meant}\n\ndoes: {self.does}", self.differs)
        return table


SNIPPETS = (
    Snippet(
        "blocking",
        "show what is wrong with one thread for each request: a query and a file that block it",
        "as printed it compiles nowhere: it asks a database that nobody has made, throws the rows "
        "away, and takes for text what may be an error. With a thread for each request it would "
        "hold up nobody else; in an async handler the same two lines hold one of the runtime's "
        "few threads, and all that wait for it",
        "ThreadServer runs it unharmed; on AsyncServer it holds up all, as in Rust, and the "
        "live view names the line. `ctx.offload` lets another thread wait, on both",
        "its lines were read",
    ),
    Snippet(
        "silent",
        "read a page without blocking, and answer it",
        "reads it, sets status and body, and sends neither: its client waits for ever. And a "
        "client that asks again on the same connection takes that answer for this one",
        "what a handler returns is the answer: there is nothing to forget. A handler that "
        "forgets its return answers an empty 204, and its client waits for nothing",
        "its first line was read",
    ),
    Snippet(
        "waiting",
        "wait for 10 ms without holding up other requests",
        "just that: fifty clients at once wait together, not one after the other",
        "the same, with a word that fits both servers: a task is suspended, a thread sleeps",
        "its lines were told of",
    ),
    Snippet(
        "stopwatch",
        "tell with each answer how long it took",
        "always tells 0 ms: the clock is started after the work, and read in whole "
        "milliseconds, which are longer than what is left",
        "a middleware starts the clock before the handler, stops it after, and tells "
        "microseconds; that is the server's time, still without the way to the client",
        "its lines were told of",
    ),
)


def snippets() -> list[Snippet]:
    """The article's four, in its order.

    >>> [snippet.name for snippet in snippets()]
    ['blocking', 'silent', 'waiting', 'stopwatch']
    """
    return list(SNIPPETS)
