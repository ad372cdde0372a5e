"""A server that can be smuggled to: it has never heard of chunks, and overlooks odd lines.

Rule: it exists so that the judge of the proxies can be seen to condemn somebody.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.outside.witness import ID, Seen


@contextlib.contextmanager
def careless_server(seen: list[Seen]) -> Iterator[int]:
    """The port of a careless server, which puts what it is asked into `seen`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 2.0

        def parse_request(self) -> bool:
            while self.raw_requestline and b" HTTP/1." not in self.raw_requestline:
                self.raw_requestline = self.rfile.readline(65536)
            self.close_connection = not self.raw_requestline
            return bool(self.raw_requestline) and super().parse_request()

        def answer(self) -> None:
            with contextlib.suppress(ValueError):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                ids = tuple(self.headers.get_all(ID) or ())
                seen.append(Seen(self.client_address, self.command, self.path, ids, body))
            echo = f"<{self.path}>".encode("latin-1")
            self.send_response(200)
            self.send_header("content-length", str(len(echo)))
            self.end_headers()
            self.wfile.write(echo)

        do_GET = do_POST = answer

        def log_message(self, *words: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.handle_error = lambda *_: None  # clients who leave are no news here
        thread = threading.Thread(target=server.serve_forever, name="careless")
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
