"""HTTP/3 for httpx, spoken by aioquic: it asks a host as other tests do over TCP.

Rule: one connection, whose loop runs while a request is asked and stands still in between.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
from aioquic.asyncio import QuicConnectionProtocol, connect
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, H3Event, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, QuicEvent

from tests.conftest import PATIENCE_S


class Http3(httpx.BaseTransport):
    """A connection to `host` and `port`, whose certificate must be `cert` and name the host."""

    def __init__(self, host: str, port: int, cert: Path):
        self._loop = asyncio.Runner()
        self._stack = AsyncExitStack()
        trusting = QuicConfiguration(alpn_protocols=H3_ALPN, cafile=str(cert))
        way = connect(host, port, configuration=trusting, create_protocol=Client)
        self._client: Client = self._run(self._stack.enter_async_context(way))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._run(self._client.ask(request))

    def close(self) -> None:
        self._run(self._stack.aclose())
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return self._loop.run(asyncio.wait_for(work, PATIENCE_S))


class Client(QuicConnectionProtocol):
    """The client's side of the connection: answers, put together from what comes."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self._http = H3Connection(self._quic)
        self._answers: dict[int, tuple[httpx.Headers, bytearray]] = {}
        self._asked: dict[int, asyncio.Future[httpx.Response]] = {}

    async def ask(self, request: httpx.Request) -> httpx.Response:
        """The answer, when it is whole."""
        own = [(name.lower(), value) for name, value in request.headers.raw]
        dropped = (b"host", b"connection", b"transfer-encoding")  # HTTP/3 has none of them
        fields = [
            (b":method", request.method.encode()),
            (b":scheme", b"https"),
            (b":authority", request.url.netloc),
            (b":path", request.url.raw_path),
            *[field for field in own if field[0] not in dropped],
        ]
        stream = self._quic.get_next_available_stream_id()
        answer = self._asked[stream] = asyncio.get_running_loop().create_future()
        self._http.send_headers(stream, fields)
        self._http.send_data(stream, b"".join(request.stream), end_stream=True)
        self.transmit()
        return await answer

    def quic_event_received(self, event: QuicEvent) -> None:
        if isinstance(event, ConnectionTerminated):
            for answer in self._asked.values():
                answer.set_exception(httpx.RemoteProtocolError(event.reason_phrase))
        for heard in self._http.handle_event(event):
            self._hear(heard)

    def _hear(self, event: H3Event) -> None:
        match event:
            case HeadersReceived():
                self._answers[event.stream_id] = httpx.Headers(event.headers), bytearray()
            case DataReceived():
                self._answers[event.stream_id][1].extend(event.data)
        if event.stream_ended:
            headers, body = self._answers.pop(event.stream_id)
            answer = httpx.Response(int(headers[":status"]), headers=headers, content=bytes(body))
            self._asked.pop(event.stream_id).set_result(answer)
