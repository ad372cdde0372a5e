"""A real browser: a page, its files, a form, a WebSocket, a broadcast and events.

The page does all of it by itself and tells the server what it saw.
"""

import queue

import pytest

from asyncweb import App, Broadcast, Event, EventStream, Response
from tests.outside import programs

pytestmark = pytest.mark.slow

LOAD_S = 60.0
PAGE = """<!doctype html><link rel="icon" href="data:,"><script type="module">
const seen = {};
seen.file = await (await fetch("/files/data.json")).json();
const form = new FormData();
form.append("photo", new Blob(["123"]), "photo.png");
seen.upload = await (await fetch("/upload", {method: "POST", body: form})).json();

const ws = new WebSocket(`ws://${location.host}/chat`);
ws.binaryType = "arraybuffer";
const messages = [];
await new Promise(resolve => {
  ws.onopen = () => {
    for (const message of ["text", new Uint8Array([1, 2]), "x".repeat(70000)]) ws.send(message);
  };
  ws.onmessage = ({data}) => {
    messages.push(typeof data === "string" ? data.slice(0, 5) : [...new Uint8Array(data)]);
    if (messages.length === 3) ws.close(4000, "enough");
  };
  ws.onclose = ({code, wasClean}) => { seen.close = [code, wasClean]; resolve(); };
});
seen.messages = messages;
seen.extensions = ws.extensions;

const events = new EventSource("/events");
seen.events = await new Promise(resolve => {
  const heard = [];
  events.addEventListener("news", ({data, lastEventId}) => {
    heard.push([data, lastEventId]);
    if (heard.length === 3) { events.close(); resolve(heard); }
  });
});
await fetch("/seen", {method: "POST", body: JSON.stringify(seen)});
</script>"""


@pytest.fixture
def seen(needs, engine, tmp_path, serve_outside):
    """What the page saw, with the server's failures."""
    app, told, room = App(), queue.SimpleQueue(), Broadcast()
    files = tmp_path / "files"
    files.mkdir()
    (files / "data.json").write_text('{"found": true}')
    app.compress()
    app.static("/files", files)
    app.get("/")(lambda ctx: Response.html(PAGE))
    app.post("/seen")(lambda ctx: told.put(ctx.json()))

    @app.post("/upload", stream=True)
    async def upload(ctx):
        photo = (await ctx.form()).files["photo"]
        return [photo.filename, photo.size]

    @app.websocket("/chat")
    async def chat(ws):
        with room.join(ws):
            async for message in ws:
                room.send(message)

    @app.get("/events")
    def events(ctx):
        """Two, then the connection ends; the browser comes back and says what it heard last."""
        first = int(ctx.last_event_id or 0) + 1
        news = [Event(f"number {id}", event="news", id=str(id)) for id in (first, first + 1)]
        return EventStream(news, retry_s=0.01)

    server = serve_outside(app, engine)
    options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile")
    command = [needs("chromium"), *options, "--remote-debugging-port=0", f"{server.url}/"]
    with programs.running(command, tmp_path, []):
        return told.get(timeout=LOAD_S), server.errors


def test_a_browser_is_served(seen):
    saw, errors = seen
    assert saw["file"] == {"found": True}
    assert saw["upload"] == ["photo.png", 3]
    assert saw["messages"] == ["text", [1, 2], "xxxxx"]
    assert saw["close"] == [4000, True]
    assert "permessage-deflate" in saw["extensions"]
    assert saw["events"] == [["number 1", "1"], ["number 2", "2"], ["number 3", "3"]]
    assert errors == []
