"""What REDbot notes about one answer, as JSON lines: `python redbot_notes.py METHOD URL`.

Rule: REDbot's loop and its warnings stay in this process of their own.
"""

from __future__ import annotations

import json
import sys
from configparser import ConfigParser


def main(method: str, url: str) -> None:
    """Prints each note's level, subject and summary, those of the extra checks too."""
    import thor
    from redbot.resource import HttpResource

    config = ConfigParser()
    # Without this REDbot refuses every address that is not public.
    config.read_dict({"redbot": {"enable_local_access": "True"}})
    resource = HttpResource(config["redbot"])
    resource.set_request(url, method=method)
    resource.on("check_done", thor.stop)
    resource.check()
    thor.run()
    if resource.fetch_error is not None:
        print(json.dumps(["bad", "fetch", f"it could not be fetched: {resource.fetch_error}"]))
    for part in (resource, *resource.subreqs.values()):
        for note in part.response.notes:
            print(json.dumps([note.level.value, note.subject, str(note.summary)]))
    print(json.dumps(["status", "", str(resource.response.status_code)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
