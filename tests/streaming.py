"""Answers in pieces, for who has to tell them apart: whole, broken off, and without an end."""

from asyncweb import App


def add_streams(app: App) -> None:
    """Gives `app` the routes /stream, /broken and /endless."""

    @app.get("/stream")
    def stream(ctx):
        yield from (b"one,", "two,", b"three")

    @app.get("/broken")
    def broken(ctx):
        yield b"one,"
        raise LookupError("two is lost")

    @app.get("/endless")
    def endless(ctx):
        while True:
            yield b"x" * 65536
