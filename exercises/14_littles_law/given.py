"""A log of a real server, and figures to be compared."""

import time
from concurrent.futures import ThreadPoolExecutor

from asyncweb import App
from asyncweb.grading import same


def log_of_a_server(requests=20, clients=5):
    """The visits of an app that is asked by some clients at once, in the order of leaving."""
    app, visits = App(), []

    @app.middleware
    async def log(ctx, next):
        came = time.perf_counter()
        response = await next(ctx)
        visits.append((came, time.perf_counter()))
        return response

    @app.get("/")
    async def home(ctx):
        await ctx.sleep(0.001)
        return "home"

    with app.test_client() as client, ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda _: client.get("/"), range(requests)))
    return visits


def figure(got):
    """`got`, which has to be a number; what is none shows no belief about numbers."""
    if type(got) not in (int, float):
        raise AssertionError(f"expected a number, got {got!r}")
    return got


def same_figure(got, expected):
    """As `same`, for a float, whether it came as one or as a whole number, to nine digits."""
    same(round(float(figure(got)), 9), expected)
