"""curl over TLS: it trusts our certificate by its file, and an end is told from a cut."""

import os

import pytest

from asyncweb import App
from tests.outside.curling import curled
from tests.streaming import add_streams

pytestmark = pytest.mark.slow

MEGABYTE = 1024 * 1024
CUT_OFF = (18, 35, 52, 56, 92)  # curl's words for an answer that is not whole
NOT_TRUSTED = 60


@pytest.fixture
def app():
    app = App()

    @app.get("/digits")
    def digits(ctx):
        return f"0123456789 over {ctx.scheme}"

    @app.post("/size")
    def size(ctx):
        return str(len(ctx.body))

    @app.get("/large")
    def large(ctx):
        return b"m" * MEGABYTE * 8

    add_streams(app)
    return app


@pytest.fixture
def curl(needs, engine, app, tls, tmp_path, serve_outside):
    """`curl(options..., paths)` gives what curl knows of each transfer, and what it printed."""
    server = serve_outside(app, engine, tls=tls)
    program = needs("curl")

    def run(*options, paths=("/digits",), codes=(0,), trusts=True, scheme="https"):
        urls = [f"{scheme}://localhost:{server.port}{path}" for path in paths]
        trust = ("--cacert", str(tls.cert)) if trusts else ()
        return curled(program, tmp_path, "-4", *trust, *options, *urls, codes=codes)

    return run


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_get_is_answered_over_each_version(curl, version):
    (fact,), printed = curl(f"--tlsv{version}", "--tls-max", version)
    assert (fact["http_code"], fact["ssl_verify_result"]) == (200, 0)
    assert printed == b"0123456789 over https"


def test_a_certificate_that_is_not_known_is_not_trusted(curl):
    (fact,), printed = curl(trusts=False, codes=(NOT_TRUSTED,))
    assert (fact["http_code"], printed) == (0, b"")


def test_several_urls_share_one_connection(curl):
    facts, printed = curl(paths=["/digits", "/stream", "/digits"])
    assert [fact["num_connects"] for fact in facts] == [1, 0, 0]
    assert printed == b"0123456789 over https" + b"one,two,three" + b"0123456789 over https"


def test_megabytes_go_both_ways(curl, tmp_path):
    file = tmp_path / "big"
    file.write_bytes(os.urandom(MEGABYTE * 4))
    (fact,), printed = curl("--data-binary", f"@{file}", paths=["/size"])
    assert (fact["http_code"], printed) == (200, str(MEGABYTE * 4).encode())
    (fact,), printed = curl(paths=["/large"])
    assert printed == b"m" * MEGABYTE * 8


def test_an_offer_of_http_2_ends_with_http_1_1(curl):
    (fact,), _ = curl("--http2")
    assert (fact["http_code"], fact["http_version"]) == (200, "1.1")


def test_an_answer_that_ends_with_the_connection_is_whole(curl):
    (fact,), printed = curl("--http1.0", paths=["/stream"])
    assert (fact["http_code"], printed) == (200, b"one,two,three")


@pytest.mark.parametrize("version", ["--http1.0", "--http1.1"])
def test_an_answer_that_broke_off_is_an_error(curl, version):
    _, printed = curl(version, paths=["/broken"], codes=CUT_OFF)
    assert printed in (b"", b"one,")


def test_plain_http_is_told_to_speak_https(curl):
    (fact,), printed = curl(scheme="http")
    assert fact["http_code"] == 400 and b"https://" in printed
