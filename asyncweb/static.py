"""A folder of files, as answers.

Rule: what is asked for is a name inside the folder or it is not found, and nobody is told why. A
name that means something else on any system (a way up, a drive, a device) is one on none: an app
serves the same files wherever it runs.
"""

from __future__ import annotations

import contextlib
import errno
import html
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from asyncweb.errors import HTTPError, RouteError
from asyncweb.http.messages import Response
from asyncweb.http.target import percent_decode

if TYPE_CHECKING:
    from asyncweb.context import Context

INDEX = "index.html"
LINKS_SHOW = os.name != "nt"  # Windows has other ways from one folder to another, and short names
_OUR_TROUBLE = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO}  # the file may well be there
_ELSEWHERE = re.compile(
    r'[\x00-\x1f\x7f\ud800-\udfff"*/:<>?\\|]'  # paths, drives, streams; no name of Windows, of text
    r"|^\.{1,2}$|[. ]$"  # the folder, the one above it, and what Windows drops from a name's end
    r"|^(?:con|prn|aux|nul|com[0-9\xb9\xb2\xb3]|lpt[0-9\xb9\xb2\xb3]|conin\$|conout\$) *(?:\.|$)",
    re.IGNORECASE,
)


class Folder:
    """Answers with the files of one folder: the handler behind `app.static`."""

    def __init__(
        self,
        prefix: str,
        folder: str | os.PathLike[str],
        listing: bool = False,
        hidden: bool = False,
        max_age: int = 0,
    ):
        self.root = Path(folder).resolve()
        if not self.root.is_dir():
            raise RouteError(f"static({prefix!r}, {str(folder)!r}): {self.root} is no folder")
        self._depth = prefix.rstrip("/").count("/")
        self._listing = listing
        self._hidden = hidden
        self._max_age = max_age

    def __call__(self, ctx: Context) -> Response:
        """The file that `ctx` asks for. Raises HTTPError 404, whatever the reason."""
        try:
            return self._answer(ctx)
        except OSError as error:
            if error.errno in _OUR_TROUBLE:
                raise
            raise _not_found() from None  # a pipe or a device; not ours to read; gone just now

    def _answer(self, ctx: Context) -> Response:
        raw_path = ctx.request.raw_path
        names = self._names(raw_path)
        place = self._inside(self.root.joinpath(*names))
        if place.is_dir():
            return self._answer_folder(ctx, place)
        if raw_path.endswith("/"):
            raise _not_found()  # a file has nothing below it
        return self._answer_file(place)

    def _names(self, raw_path: str) -> list[str]:
        """The names below the folder, as the client asks for them.

        Split first, decode then: a %2F is no border but a part of a name, which no name has.
        """
        parts = raw_path[1:].split("/")[self._depth :]
        if parts and not parts[-1]:
            parts.pop()  # after the slash that ends a folder
        names = [percent_decode(part) for part in parts]
        if not all(map(self._serves, names)):
            raise _not_found()
        return names

    def _serves(self, name: str) -> bool:
        """Whether a file of that name could be there for a client."""
        if not name or _ELSEWHERE.search(name):
            return False
        return self._hidden or not name.startswith(".")

    def _inside(self, place: Path) -> Path:
        """`place` without links. Not found when they lead out of the folder, or nowhere."""
        try:
            if not self._is_plain(place):
                place = place.resolve(strict=True)
            below = place.relative_to(self.root).parts
        except (OSError, RuntimeError, ValueError):  # among them a loop of links
            raise _not_found() from None
        if not all(map(self._serves, below)):
            raise _not_found()  # a short name of Windows, or a link, to what is hidden
        return place

    def _is_plain(self, place: Path) -> bool:
        """Whether no part of `place` below the folder is a link; where that is quickly known."""
        if not LINKS_SHOW:
            return False
        while place != self.root:
            if stat.S_ISLNK(os.lstat(place).st_mode):
                return False
            place = place.parent
        return True

    def _answer_file(self, place: Path) -> Response:
        response = Response.file(place)
        response.headers.add("x-content-type-options", "nosniff")
        # Without a word a client would guess, by its age, how long it need not ask for a file.
        fresh = f"max-age={self._max_age}" if self._max_age else "no-cache"
        response.headers.add("cache-control", fresh)
        return response

    def _answer_folder(self, ctx: Context, place: Path) -> Response:
        index = place / INDEX
        if not index.is_file() and not self._listing:
            raise _not_found()
        last = ctx.request.raw_path.rpartition("/")[2]
        if last:  # links in a page lead from its folder, which ends with a slash
            query = f"?{ctx.request.query_string}" if ctx.request.query_string else ""
            return Response.redirect(f"./{last}/{query}", 307)
        if index.is_file():
            return self._answer_file(self._inside(index))
        return Response.html(self._list(place))

    def _list(self, place: Path) -> str:
        folders: list[str] = [] if place == self.root else ["../"]
        files: list[str] = []
        for name in sorted(os.listdir(place)):
            with contextlib.suppress(HTTPError):  # what would not be found is not shown
                if self._inside(place / name).is_dir():
                    folders.append(f"{name}/")
                else:
                    files.append(name)
        rows = "".join(
            f'<li><a href="./{quote(name)}">{html.escape(name)}</a></li>\n'
            for name in folders + files
        )
        return f"<!doctype html>\n<meta charset=utf-8>\n<ul>\n{rows}</ul>\n"


def _not_found() -> HTTPError:
    return HTTPError(404, "no such file")
