"""The article's page, three times: a handler that blocks, one that offloads, one that awaits.

Rule: they ask the same and answer the same bytes; they differ in who waits, and in nothing else.
"""

from __future__ import annotations

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.errors import HTTPError
from asyncweb.http.messages import Response
from asyncweb.lab.database.async_pool import AsyncPool
from asyncweb.lab.database.place import UserDatabase
from asyncweb.lab.database.pool import Pool
from asyncweb.lab.database.users import ALL_USERS, nap, page

CONNECTIONS = 8


def users_app(database: UserDatabase, connections: int = CONNECTIONS) -> App:
    """An App with `/blocking`, `/offloaded` and `/awaited`, and `/hello`, which asks nobody.

    Each is a page of the users in `database`; with `?nap_ms=20` that of one user, by a query that
    takes 20 ms. `app.state` has the two pools of at most `connections` each: `pool`, for the first
    two, and `async_pool`.

    >>> with UserDatabase(users=3) as database:
    ...     with users_app(database).test_client() as client:
    ...         client.get("/blocking").text.count("<tr>"), client.get("/offloaded?nap_ms=1").status
    (3, 200)
    """
    app, template = App(), database.template
    pool, async_pool = Pool(database.url, connections), AsyncPool(database.url, connections)

    @app.get("/hello")
    def hello(ctx: Context) -> str:
        return "Hello"

    @app.get("/blocking")
    def blocking(ctx: Context) -> Response:
        rows = pool.fetch(_query(ctx))
        return Response.html(page(rows, template.read_text()))

    @app.get("/offloaded")
    async def offloaded(ctx: Context) -> Response:
        rows = await ctx.offload(pool.fetch, _query(ctx))
        return Response.html(page(rows, await ctx.offload(template.read_text)))

    @app.get("/awaited")
    async def awaited(ctx: Context) -> Response:
        rows = await async_pool.fetch(_query(ctx))
        return Response.html(page(rows, await ctx.offload(template.read_text)))

    app.on_shutdown(pool.close)
    app.on_shutdown(async_pool.close)
    app.state.pool, app.state.async_pool = pool, async_pool
    return app


def _query(ctx: Context) -> str:
    """What the database is asked: for all users, or for one, slowly."""
    nap_ms = ctx.query.get("nap_ms")
    if nap_ms is None:
        return ALL_USERS
    if not nap_ms.isdecimal():
        raise HTTPError(400, f"nap_ms={nap_ms!r}: expected whole milliseconds, as in ?nap_ms=20")
    return nap(int(nap_ms) / 1000)
