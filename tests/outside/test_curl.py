"""curl, as people call it: what it asks for it gets, and what we refuse it can read."""

import json

import pytest

from asyncweb import App, Limits, Response
from tests.outside.curling import curled

pytestmark = pytest.mark.slow

MEGABYTE = 1024 * 1024
LIMITS = Limits(body_bytes=4 * MEGABYTE)


@pytest.fixture
def app():
    app = App()

    @app.route("/echo", ("GET", "POST", "PUT"))
    def echo(ctx):
        sent = {name: ctx.headers.get_all(name) for name in ctx.headers}
        return {"method": ctx.method, "size": len(ctx.body), "start": ctx.text[:20], "sent": sent}

    @app.get("/digits")
    def digits(ctx):
        return "0123456789"

    @app.get("/stream")
    def stream(ctx):
        yield from (b"one,", b"two,", b"three")

    @app.get("/{rest:path}")
    def path(ctx):
        return Response(ctx.request.target, headers={"x-path": "seen"})

    return app


@pytest.fixture
def curl(needs, engine, app, tmp_path, serve_outside):
    """`curl(options..., path)` gives (what curl knows of the last transfer, what it printed)."""
    server = serve_outside(app, engine, limits=LIMITS)
    program = needs("curl")

    def run(*options, paths=("/",), codes=(0,)):
        urls = [server.url + path for path in paths]
        facts, printed = curled(program, tmp_path, *options, *urls, codes=codes)
        return facts, printed.decode()

    return run


@pytest.fixture
def big(tmp_path):
    file = tmp_path / "big"
    file.write_bytes(b"m" * MEGABYTE * 2)
    return f"@{file}"


def told(printed):
    """The JSON that /echo answered."""
    return json.loads(printed[printed.index('{"method"') :])


def test_get_is_answered(curl):
    facts, printed = curl("-i", paths=["/digits"])
    assert facts[0]["http_code"] == 200 and "0123456789" in printed
    assert printed.startswith("HTTP/1.1 200 OK")


def test_head_has_the_head_of_get_and_no_body(curl):
    (fact,), printed = curl("-I", paths=["/digits"])
    assert (fact["http_code"], fact["size_download"]) == (200, 0)
    assert "content-length: 10" in printed.lower()


def test_a_form_is_posted(curl):
    _, printed = curl("-d", "a=b&c=d", paths=["/echo"])
    assert told(printed)["start"] == "a=b&c=d"
    assert told(printed)["sent"]["content-type"] == ["application/x-www-form-urlencoded"]


def test_a_large_body_waits_for_100_continue_and_gets_it(curl, big):
    (fact,), printed = curl("-i", "--data-binary", big, paths=["/echo"])
    assert told(printed)["sent"]["expect"] == ["100-continue"]
    assert told(printed)["size"] == MEGABYTE * 2
    assert printed.startswith("HTTP/1.1 100 Continue\r\n\r\n")
    assert fact["time_total"] < 0.9  # curl gives up waiting for 100 after a second


def test_an_upload_without_a_length_comes_in_chunks(curl, big):
    _, printed = curl("-T", big[1:], "-H", "Transfer-Encoding: chunked", paths=["/echo"])
    assert told(printed)["sent"]["transfer-encoding"] == ["chunked"]
    assert (told(printed)["method"], told(printed)["size"]) == ("PUT", MEGABYTE * 2)


def test_http_1_0_is_answered_and_closed(curl):
    (fact,), printed = curl("--http1.0", "-i", paths=["/stream"])
    assert "one,two,three" in printed and "chunked" not in printed.lower()
    assert fact["http_code"] == 200


def test_two_urls_share_one_connection(curl):
    facts, _ = curl(paths=["/digits", "/stream", "/nothing/here"])
    assert [fact["num_connects"] for fact in facts] == [1, 0, 0]


def test_a_path_is_not_walked(curl):
    for path in ("/a/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//a/./b"):
        facts, printed = curl("--path-as-is", paths=[path])
        assert facts[0]["http_code"] in (200, 400, 404)
        assert facts[0]["http_code"] != 200 or printed.startswith(path)


def test_options_asterisk_is_for_the_whole_server(curl):
    (fact,), _ = curl("-X", "OPTIONS", "--request-target", "*")
    assert fact["http_code"] in (200, 204)


def test_a_range_is_ignored_and_the_whole_is_sent(curl):
    (fact,), printed = curl("-r", "2-4", "-i", paths=["/digits"])
    assert fact["http_code"] == 200 and "0123456789" in printed
    assert "content-range" not in printed.lower()


@pytest.mark.parametrize("expect", ["Expect:", "Expect: 100-continue"])
def test_a_body_too_large_is_refused_before_it_is_sent_and_the_refusal_is_read(
    curl, tmp_path, expect
):
    file = tmp_path / "huge"
    file.write_bytes(b"m" * MEGABYTE * 12)
    (fact,), _ = curl("-H", expect, "--data-binary", f"@{file}", paths=["/echo"])
    assert fact["http_code"] == 413
    assert "100" in expect or fact["size_upload"] < MEGABYTE * 12
    assert "100" not in expect or fact["size_upload"] == 0


def test_a_chunked_body_too_large_is_refused_and_the_refusal_is_read(curl, tmp_path):
    file = tmp_path / "huge"
    file.write_bytes(b"m" * MEGABYTE * 12)
    (fact,), _ = curl(
        "-T", str(file), "-H", "Transfer-Encoding: chunked", "-H", "Expect:", paths=["/echo"]
    )
    assert fact["http_code"] == 413


def test_too_many_or_too_large_fields_are_431(curl):
    (fact,), _ = curl("-H", "X: " + "y" * 60_000)
    assert fact["http_code"] == 431
    many = [option for number in range(150) for option in ("-H", f"X-{number}: y")]
    (fact,), _ = curl(*many)
    assert fact["http_code"] == 431


def test_a_long_target_is_414(curl):
    (fact,), _ = curl(paths=["/" + "y" * 20_000])
    assert fact["http_code"] == 414


def test_an_upgrade_to_http_2_is_ignored_and_answered_in_1_1(curl):
    facts, printed = curl("--http2", "-i", paths=["/digits"])
    assert printed.startswith("HTTP/1.1 200") and "0123456789" in printed
    assert facts[0]["http_version"] == "1.1"


def test_an_upgrade_with_a_body_is_answered_or_refused_cleanly(curl):
    (fact,), printed = curl("--http2", "-d", "a=b", paths=["/echo"])
    assert fact["http_version"] == "1.1"
    assert fact["http_code"] == 501 or told(printed)["start"] == "a=b"


def test_http_2_outright_is_refused_at_once(curl):
    no_http_2, empty_reply = 16, 52  # curl's words for an answer that is not HTTP/2
    facts, _ = curl("--http2-prior-knowledge", paths=["/digits"], codes=(no_http_2, empty_reply))
    assert facts[0]["http_code"] == 0 and facts[0]["time_total"] < 2


def test_an_offer_to_compress_does_no_harm(curl):
    (fact,), printed = curl("--compressed", paths=["/digits"])
    assert fact["http_code"] == 200 and printed.startswith("0123456789")


def test_a_redirect_is_not_invented_and_404_and_405_keep_the_connection(curl):
    facts, _ = curl("-X", "DELETE", "-L", paths=["/digits", "/echo", "/digits"])
    assert [fact["http_code"] for fact in facts] == [405, 405, 405]
    assert [fact["num_connects"] for fact in facts] == [1, 0, 0]
