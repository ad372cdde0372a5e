"""WebSockets over TLS, `wss://`, spoken by a client no one here wrote.

It is the client for event loops: the one for threads reads and writes one TLS connection from two
of them at once, which OpenSSL forbids, and now and then its request never leaves.
"""

import asyncio
import ssl

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK

from asyncweb import App, Limits
from asyncweb.errors import ClientGone
from tests.callers import trusting
from tests.conftest import PATIENCE_S, eventually

MESSAGES = ["", "hi", "é" * 70_000, b"", b"\x00\xff", bytes(range(256)) * 8_000]


@pytest.fixture
def app():
    app = App()

    @app.websocket("/")
    async def echo(ws):
        async for message in ws:
            await ws.send(message)

    return app


@pytest.fixture
def secure(serve, app, tls):
    """Starts a server of this kind that speaks TLS."""
    return lambda **settings: serve(app, tls=tls, **settings)


@pytest.fixture
def talk(tls):
    """`talk(server, path, say)` runs `say(client)` with clients that trust our certificate."""

    async def one(server, path, say, options):
        url = f"wss://localhost:{server.port}{path}"
        options = {"ssl": trusting(tls), "max_size": None, "proxy": None, **options}
        async with connect(url, **options) as client:
            return await say(client)

    async def together(number, *arguments):
        talking = asyncio.gather(*[one(*arguments) for _ in range(number)])
        return await asyncio.wait_for(talking, PATIENCE_S)

    def run(server, path, say, number=1, **options):
        return asyncio.run(together(number, server, path, say, options))

    return run


@pytest.mark.parametrize("compression", ["deflate", None])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_what_is_said_comes_back(secure, talk, tls, compression, version):
    context = trusting(tls)
    context.minimum_version = context.maximum_version = version

    async def say(client):
        spoken = client.transport.get_extra_info("ssl_object").version()
        assert spoken == version.name.replace("_", ".")
        for message in MESSAGES:
            await client.send(message)
            assert await client.recv() == message
        await client.send(["in ", "three ", "fragments"])
        assert await client.recv() == "in three fragments"

    server = secure()
    talk(server, "/", say, ssl=context, compression=compression)
    assert not server.errors


def test_the_handler_knows_that_it_is_secure(secure, talk, app):
    @app.websocket("/where")
    async def where(ws):
        await ws.send(ws.ctx.scheme)

    assert talk(secure(), "/where", lambda client: client.recv()) == ["https"]


def test_many_speak_at_once(secure, talk):
    async def say(client):
        for count in range(20):
            await client.send(str(count))
            assert await client.recv() == str(count)

    server = secure()
    talk(server, "/", say, number=4)
    assert not server.errors


def test_both_sides_may_say_at_once_more_than_the_buffers_between_them_take(secure, talk, app):
    size = 3 * 1024 * 1024

    @app.websocket("/both")
    async def both(ws):
        await ws.send(b"s" * size)
        await ws.send(str(len(await ws.receive())))

    async def say(client):
        sending = asyncio.create_task(client.send(b"c" * size))
        assert await client.recv() == b"s" * size
        assert await client.recv() == str(size)
        await sending

    talk(secure(), "/both", say, compression=None)


@pytest.mark.usefixtures("fast_sweeps")
def test_a_client_that_answers_pings_is_kept_and_its_own_are_answered(secure, talk, app):
    @app.websocket("/pinged")
    async def pinged(ws):
        await ws.ping()
        while ws.latency is None:  # until the client has answered
            await ws.ctx.sleep(0.001)
        await ws.send("kept")
        await ws.receive()

    async def say(client):
        await (await client.ping(b"1"))
        assert await client.recv() == "kept"

    talk(secure(limits=Limits(ping_s=0.02)), "/pinged", say)


def test_the_clients_goodbye_is_answered_and_ends_the_iteration(secure, talk, app):
    codes = []

    @app.websocket("/until")
    async def until(ws):
        async for _ in ws:
            pass
        codes.append((ws.close_code, ws.close_reason))

    async def say(client):
        await client.close(4000, "enough")
        assert client.close_code == 4000

    talk(secure(), "/until", say)
    eventually(lambda: codes == [(4000, "enough")])


def test_the_handlers_goodbye_is_heard_with_code_and_reason(secure, talk, app):
    @app.websocket("/bye")
    async def bye(ws):
        await ws.close(4001, "go away")

    async def say(client):
        with pytest.raises(ConnectionClosedError) as end:
            await client.recv()
        assert (end.value.rcvd.code, end.value.rcvd.reason) == (4001, "go away")

    talk(secure(), "/bye", say)


def test_a_stop_says_1001(secure, talk):
    server = secure()

    async def say(client):
        await client.send("hi")
        assert await client.recv() == "hi"
        stopping = asyncio.create_task(asyncio.to_thread(server.stop))
        with pytest.raises(ConnectionClosedOK) as end:
            await client.recv()
        assert end.value.rcvd.code == 1001
        await stopping

    talk(server, "/", say)


def test_a_client_that_vanishes_is_gone_where_the_handler_receives(secure, talk, app):
    ends = []

    @app.websocket("/watch")
    async def watch(ws):
        try:
            await ws.send("ready")
            await ws.receive()
        except ClientGone:
            ends.append("gone")
            raise

    async def say(client):
        assert await client.recv() == "ready"
        client.transport.abort()

    talk(secure(), "/watch", say)
    eventually(lambda: ends == ["gone"])


def test_who_does_not_trust_the_certificate_does_not_get_in(secure, talk):
    server = secure()
    with pytest.raises(ssl.SSLCertVerificationError):
        talk(server, "/", lambda client: client.recv(), ssl=ssl.create_default_context())
    assert not server.errors
