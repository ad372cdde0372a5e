"""A timeline as a notebook shows it.

Rule: the saved file shows it wherever it is opened. From a notebook that is not trusted, an SVG
that stands in the page itself is removed; one in an image is not.
"""

from __future__ import annotations

import base64
import html

from asyncweb.lab.timeline.lines import as_text
from asyncweb.lab.timeline.story import Timeline
from asyncweb.lab.timeline.svg import drawn
from asyncweb.lab.timeline.words import in_words


def bundle(timeline: Timeline) -> dict[str, str]:
    """`timeline` as HTML, with words for whoever does not see it, and as text."""
    data = base64.b64encode(drawn(timeline).encode()).decode()
    says = html.escape(in_words(timeline), quote=True)
    image = f'<img alt="{says}" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'
    return {"text/html": image, "text/plain": as_text(timeline)}
