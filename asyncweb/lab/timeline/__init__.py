"""Who ran, who waited and who was kept waiting: a few requests, drawn as they were.

    from asyncweb.lab.timeline import timeline
    timeline(server, "/users/1", clients=3)

Rule: every bar is an event that was seen. What is only estimated says so where it is shown.
"""

from asyncweb.lab.timeline.story import Timeline
from asyncweb.lab.timeline.watching import timeline, watch

__all__ = ["Timeline", "timeline", "watch"]
