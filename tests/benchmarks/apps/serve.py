"""The App, as a student writes it: `asyncweb serve tests.benchmarks.apps.serve:app`."""

from asyncweb import App
from tests.benchmarks.apps.sizes import LARGE_BYTES, WAIT_S

app = App()
LARGE = b"x" * LARGE_BYTES


@app.get("/")
def hello(ctx):
    return "Hello World"


@app.get("/task")
async def task(ctx):
    await ctx.sleep(0)
    return "Hello World"


@app.get("/users/{id:int}")
def user(ctx):
    return f"user {ctx.params['id']}"


@app.get("/json")
def json(ctx):
    return {"message": "Hello World"}


@app.post("/upload")
def upload(ctx):
    return str(len(ctx.body))


@app.get("/large")
def large(ctx):
    return LARGE


@app.get("/wait")
async def wait(ctx):
    await ctx.sleep(WAIT_S)
    return "Hello World"
