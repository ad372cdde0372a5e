"""How a result of the lab shows itself: as a table, with its picture below where there is one.

Rule: what a picture says, the table or the words beside it say as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asyncweb.drawing.picture import bundle
from asyncweb.loadtest.plot import as_html

if TYPE_CHECKING:
    from rich.console import RenderableType

    from asyncweb.loadtest.plot import Plot


class Shown:
    """A result that a notebook shows as HTML, and a terminal as text.

    >>> class Answer(Shown):
    ...     def __rich__(self):
    ...         return "42"
    >>> Answer()
    42
    """

    __slots__ = ()

    def __rich__(self) -> RenderableType:
        raise NotImplementedError

    def plot(self) -> Plot | None:
        """The same as a picture; None where there is none to draw.

        Raises LoadError when matplotlib is not installed.
        """
        return None

    def _picture(self) -> Plot | None:
        """What is shown below the table."""
        return self.plot()

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, str]:
        return bundle(self.__rich__(), as_html(self._picture))

    def __repr__(self) -> str:
        return bundle(self.__rich__())["text/plain"].rstrip("\n")
