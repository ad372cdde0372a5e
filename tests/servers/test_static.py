"""A folder of files: what is in it is found, and nothing leads out of it."""

import os
import pickle
from pathlib import Path

import pytest

from asyncweb import App, static
from asyncweb.errors import RouteError
from asyncweb.static import _ELSEWHERE
from tests.conftest import eventually


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "inside"
    (inside / "sub" / "deep").mkdir(parents=True)
    (inside / "empty").mkdir()
    (inside / ".git").mkdir()
    (tmp_path / "inside-too").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "inside-too" / "secret.txt").write_text("secret")
    (inside / "a.txt").write_text("a")
    (inside / "caf\u00e9 au lait.txt").write_text("milk")
    (inside / "sub" / "index.html").write_text("<p>sub")
    (inside / "sub" / "deep" / "b.css").write_text("b")
    (inside / ".hidden").write_text("hidden")
    (inside / ".git" / "config").write_text("hidden")
    return inside


def served(serve, folder, prefix="/files", **options):
    app = App()
    app.get("/other")(lambda ctx: "other")
    app.static(prefix, folder, **options)
    return serve(app)


@pytest.mark.parametrize("prefix", ["/files", "/files/", "/a/b"])
def test_what_is_in_the_folder_is_found(serve, peer, folder, prefix):
    client = peer(served(serve, folder, prefix))
    base = prefix.rstrip("/")
    found = {
        path: client.get(base + path).text
        for path in ("/a.txt", "/caf%C3%A9%20au%20lait.txt", "/sub/", "/sub/deep/b.css", "/%61.txt")
    }
    assert [*found.values()] == ["a", "milk", "<p>sub", "b", "a"]
    assert client.get(f"{base}/a.txt?x=y").headers["x-content-type-options"] == "nosniff"
    assert client.get("/other").text == "other"


def test_the_whole_site_may_be_a_folder_beside_other_routes(serve, peer, folder):
    client = peer(served(serve, folder, "/"))
    assert [client.get(path).text for path in ("/a.txt", "/other", "/sub/")] == [
        "a", "other", "<p>sub",
    ]  # fmt: skip
    assert client.get("/").status == 404


def test_a_handler_declared_before_keeps_its_path(serve, peer, folder):
    app = App()
    app.get("/")(lambda ctx: "home")
    app.static("/", folder)
    client = peer(serve(app))
    assert [client.get("/").text, client.get("/a.txt").text] == ["home", "a"]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/sub/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/.%2E/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/sub/..%2f..%2fsecret.txt",
        "/../inside-too/secret.txt",
        "/../inside/a.txt",
        "/./a.txt",
        "/sub/../a.txt",
        "//a.txt",
        "/sub//deep/b.css",
        "/%2Fetc/passwd",
        "//etc/passwd",
        "/a.txt%00",
        "/a.txt%00.html",
        "/a.txt/",
        "/a.txt/b",
        "/a.txt.",
        "/a.txt%20",
        "/a.txt::$DATA",
        "/C:/Windows/win.ini",
        "/C%3A%5CWindows%5Cwin.ini",
        "/%5C%5Chost%5Cshare",
        "/CON",
        "/nul.txt",
        "/sub/LPT1",
        "/com%C2%B9",
        "/%c0%ae%c0%ae/secret.txt",
        "/%252e%252e/secret.txt",
        "/%uff0e%uff0e/secret.txt",
        "/.hidden",
        "/%2ehidden",
        "/.git/config",
        "/nothing",
        "/empty/",
        "/" + "x" * 300,
        "/" + "x/" * 300,
    ],
)
def test_nothing_else_is_found(serve, peer, folder, path):
    answer = peer(served(serve, folder)).get("/files" + path)
    assert answer.status in (400, 404)
    assert b"secret" not in answer.body.replace(b"secret.txt", b"")


@pytest.mark.skipif(os.name == "nt", reason="Windows lets only some users make links")
@pytest.mark.parametrize("links_show", [True, False])
def test_a_link_is_followed_only_inside(serve, peer, folder, monkeypatch, links_show):
    monkeypatch.setattr(static, "LINKS_SHOW", links_show)
    (folder / "inward").symlink_to("a.txt")
    (folder / "folder").symlink_to("sub", target_is_directory=True)
    (folder / "outward").symlink_to("../secret.txt")
    (folder / "absolute").symlink_to(folder.parent / "secret.txt")
    (folder / "up").symlink_to("..", target_is_directory=True)
    (folder / "open").symlink_to(".hidden")
    (folder / "loop").symlink_to("loop")
    (folder / "dangling").symlink_to("nowhere")
    (folder / "empty" / "index.html").symlink_to("../../secret.txt")
    client = peer(served(serve, folder))
    assert client.get("/files/inward").text == "a"
    assert client.get("/files/folder/").text == "<p>sub"
    for name in (
        "outward", "absolute", "up/secret.txt", "open", "loop", "dangling", "empty/",
    ):  # fmt: skip
        assert client.get(f"/files/{name}").status == 404


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among the files here")
def test_a_pipe_holds_nobody_up(serve, peer, folder):
    os.mkfifo(folder / "pipe")
    assert peer(served(serve, folder)).get("/files/pipe").status == 404


def test_a_file_that_is_not_ours_to_read_is_not_found(serve, peer, folder, monkeypatch):
    def refuse(path, *_):
        raise PermissionError(13, "not yours", path)

    monkeypatch.setattr(os, "open", refuse)
    server = served(serve, folder)
    assert peer(server).get("/files/a.txt").status == 404
    assert server.errors == []


@pytest.mark.parametrize(("where", "name"), [(Path, "is_file"), (os, "listdir")])
def test_a_folder_that_is_not_ours_to_search_or_to_read_is_not_found(
    serve, peer, folder, monkeypatch, where, name
):
    def refuse(*_):
        raise PermissionError(13, "not yours")

    server = served(serve, folder, listing=True)
    monkeypatch.setattr(where, name, refuse)
    assert peer(server).get("/files/empty/").status == 404
    assert server.errors == []


def test_a_server_without_descriptors_says_so_to_its_owner(serve, peer, folder, monkeypatch):
    def refuse(path, *_):
        raise OSError(24, "too many open files", path)

    monkeypatch.setattr(os, "open", refuse)
    server = served(serve, folder)
    assert peer(server).get("/files/a.txt").status == 500
    assert "too many open files" in server.errors[0].error


@pytest.mark.parametrize(
    ("prefix", "path", "location"),
    [
        ("/files", "/files", "./files/"),
        ("/files", "/files/sub", "./sub/"),
        ("/files", "/files/sub?a=b", "./sub/?a=b"),
        ("/", "/sub", "./sub/"),
        ("/", "/%73ub", "./%73ub/"),
    ],
)
def test_a_folder_is_asked_for_with_a_slash(serve, peer, folder, prefix, path, location):
    (folder / "index.html").write_text("home")
    answer = peer(served(serve, folder, prefix)).get(path)
    assert (answer.status, answer.headers["location"]) == (307, location)


def test_a_folder_is_listed_only_when_that_was_wanted(serve, peer, folder):
    (folder / "<b>&.txt").write_text("")
    (folder / "<b> too").mkdir()
    client = peer(served(serve, folder))
    assert client.get("/files/").status == 404
    client = peer(served(serve, folder, listing=True))
    page = client.get("/files/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<a href="./caf%C3%A9%20au%20lait.txt">caf\u00e9 au lait.txt</a>' in page.text
    assert '<a href="./sub/">sub/</a>' in page.text
    assert page.text.index("sub/") < page.text.index("a.txt")
    assert "../" not in page.text
    assert "hidden" not in page.text
    assert "<b>" not in page.text
    assert '<a href="./../">' in client.get("/files/empty/").text
    assert client.get("/files/sub/").text == "<p>sub"


def test_what_is_hidden_is_there_when_that_was_wanted(serve, peer, folder):
    client = peer(served(serve, folder, hidden=True))
    assert client.get("/files/.git/config").text == "hidden"
    assert client.get("/files/../secret.txt").status == 404


def test_clients_ask_each_time_unless_told_otherwise(serve, peer, folder):
    client = peer(served(serve, folder))
    assert client.get("/files/a.txt").headers["cache-control"] == "no-cache"


def test_clients_may_keep_files_for_a_while(serve, peer, folder):
    client = peer(served(serve, folder, max_age=60))
    answer = client.get("/files/a.txt")
    assert answer.headers["cache-control"] == "max-age=60"
    known = f"GET /files/a.txt HTTP/1.1\r\nHost: t\r\nIf-None-Match: {answer.headers['etag']}\r\n"
    again = client.send(f"{known}\r\n".encode()).answer()
    assert (again.status, again.headers["cache-control"]) == (304, "max-age=60")


def test_files_are_read_and_nothing_else(serve, peer, folder):
    client = peer(served(serve, folder))
    answer = client.send(b"POST /files/a.txt HTTP/1.1\r\nHost: t\r\n\r\n").answer()
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_guard_may_stand_before_a_folder(serve, peer, folder):
    def guard(ctx, next):
        return ("who are you?", 401) if "authorization" not in ctx.headers else next(ctx)

    client = peer(served(serve, folder, middleware=[guard]))
    assert client.get("/files/a.txt").status == 401


def test_a_file_put_there_later_is_found(serve, peer, folder):
    client = peer(served(serve, folder))
    assert client.get("/files/new.txt").status == 404
    (folder / "new.txt").write_text("new")
    eventually(lambda: client.get("/files/new.txt").text == "new")


def test_a_folder_declared_again_replaces_itself(serve, peer, folder):
    app = App()
    app.static("/files", folder / "sub")
    app.static("/files", folder)
    assert len(app.routes) == 3
    assert peer(serve(pickle.loads(pickle.dumps(app)))).get("/files/a.txt").text == "a"


def test_what_is_no_folder_is_refused(folder):
    for wrong in (folder / "nowhere", folder / "a.txt"):
        with pytest.raises(RouteError, match="is no folder"):
            App().static("/files", wrong)
    with pytest.raises(RouteError, match="must begin with '/'"):
        App().static("files", folder)


def test_only_names_that_mean_a_file_everywhere_are_names():
    for name in ("a", "a.b", "console", "com", "com10.txt", "a..b", " a", "\u00e9", "nul-a"):
        assert not _ELSEWHERE.search(name), name
    for name in ("", ".", "..", "a/b", "a\\b", "a:b", "NUL", "nul.tar.gz", "Com1 .x", "a\0", "a."):
        assert not name or _ELSEWHERE.search(name), name
