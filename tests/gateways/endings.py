"""A handler that says how it ended, for hosts that take no answer."""

import pytest

from asyncweb.errors import ClientGone

# What the handler awaits to answer, and what it hears where nobody takes the answer.
ENDINGS = pytest.mark.parametrize(("how", "end"), [("send", "told"), ("send_once", "worked on")])


def ends_of(app, how):
    """Adds the handler of /work to `app`; the list of how it ended, as soon as it has."""
    ended = []

    @app.get("/work")
    async def work(ctx):
        try:
            await getattr(ctx, how)("x")
            ended.append("worked on")
        except ClientGone:
            ended.append("told")
            raise

    return ended
