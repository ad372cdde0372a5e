"""A bare WSGI application: no framework, no more than the answers need."""

import json
import time

from tests.benchmarks.apps.sizes import LARGE_BYTES, WAIT_S

LARGE = b"x" * LARGE_BYTES


def answer(environ):
    match environ["PATH_INFO"]:
        case "/":
            return "text/plain", b"Hello World"
        case "/task":
            time.sleep(0)
            return "text/plain", b"Hello World"
        case "/json":
            text = json.dumps({"message": "Hello World"}, separators=(",", ":"))
            return "application/json", text.encode()
        case "/upload":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            return "text/plain", b"%d" % len(body)
        case "/large":
            return "application/octet-stream", LARGE
        case "/wait":
            time.sleep(WAIT_S)
            return "text/plain", b"Hello World"
        case path:
            return "text/plain", b"user %d" % int(path.removeprefix("/users/"))


def app(environ, start_response):
    kind, body = answer(environ)
    start_response("200 OK", [("content-type", kind), ("content-length", str(len(body)))])
    return [body]
