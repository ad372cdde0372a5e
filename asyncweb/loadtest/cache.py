"""Where this system keeps what can be made again.

Rule: whoever deletes the folder loses time, and nothing else.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """The folder `asyncweb` of the user's caches; it need not be there yet.

    >>> cache_folder().name
    'asyncweb'
    """
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or str(Path.home())
    elif sys.platform == "darwin":
        home = str(Path.home() / "Library" / "Caches")
    else:
        home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "asyncweb"
