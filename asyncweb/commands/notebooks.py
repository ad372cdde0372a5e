"""The command of the course's notebooks."""

from __future__ import annotations

import argparse
import sys

from asyncweb.commands.modes import check_mode
from asyncweb.commands.outcome import INTERRUPTED
from asyncweb.output import check_output, write_json, write_text

FOLDER = "asyncweb-notebooks"


def notebooks(options: argparse.Namespace) -> int:
    """Copies the notebooks next to the student and opens them; or runs them, or lists them."""
    from asyncweb.lab.notebooks import copy_notebooks, open_notebooks

    mode = "render" if options.render else "list" if options.html or options.json else "copy"
    check_mode(options, mode)
    if mode != "copy":
        return _course(options)
    folder = options.folder or FOLDER
    for notebook, is_new in copy_notebooks(folder):
        print(f"copied {notebook}" if is_new else f"kept {notebook}, which was there already")
    return 0 if options.no_open else open_notebooks(folder)


def _course(options: argparse.Namespace) -> int:
    """The notebooks run, where that is asked for, and listed."""
    from asyncweb.lab.course.listing import Listing

    check_output(options.html, "--html")
    check_output(options.json)
    listing, code = Listing(options.only), 0
    try:
        for line in listing.render(options.render) if options.render else ():
            print(line, file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        code = INTERRUPTED
    if options.html:
        write_text(options.html, listing.page(options.html), "--html")
    write_json(options.json, listing.to_dict())
    return code or int(listing.has_failed)
