"""The app whose cost is measured: one route, a constant answer."""

from asyncweb import App

app = App()


@app.get("/")
def home(ctx):
    return "Hello World"
