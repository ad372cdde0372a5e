"""A server as a notebook shows it.

Rule: what comes from a client or a handler is escaped, whatever it is.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from asyncweb.errors import ServerError

if TYPE_CHECKING:
    from asyncweb.servers.access_log import AccessLog
    from asyncweb.servers.base import Server

FAILURES_SHOWN = 5


def server_html(server: Server, log: AccessLog | None) -> str:
    """The link to `server`, its last failures and, when its access log is kept here, its lines.

    Of one whose process has ended, or does not answer, the reason.
    """
    kind = html.escape(f"{type(server).__name__} {server.name}")
    try:
        last = server.errors[-FAILURES_SHOWN:]
    except ServerError as error:
        return f"<b>{kind}</b>: {html.escape(str(error))}"
    if not server.is_running:
        return f"<b>{kind}</b>: stopped"
    link = f'<b>{kind}</b>: <a href="{server.url}" target="_blank">{server.url}</a>'
    failures = "".join(
        f"<details><summary>{html.escape(f'{failure.request}: {failure.error}')}</summary>"
        f"<pre>{html.escape(failure.traceback)}</pre></details>"
        for failure in last
    )
    lines = [html.escape(str(entry)) for entry in (tuple(log.shown) if log is not None else ())]
    answers = f"<details><summary>answers</summary><pre>{'<br>'.join(lines)}</pre></details>"
    return link + failures + (answers if lines else "")
