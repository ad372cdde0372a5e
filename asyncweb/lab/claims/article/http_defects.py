"""What clients send that a server of HTTP/1.1 must take or refuse, and what is due for it.

Rule: each names the section that says so, or, where no standard does, that it is good sense.
"""

from __future__ import annotations

from asyncweb.http.limits import KIB, MIB
from asyncweb.lab.claims.article.defect import Defect, answers_body, answers_with, request
from asyncweb.lab.claims.article.heard import Heard
from asyncweb.lab.claims.material import HELLO_BODY

CLOSE = "Connection: close"
GET, LAST_GET = request("GET / HTTP/1.1"), request("GET / HTTP/1.1", CLOSE)
POST, ECHO = "POST / HTTP/1.1", "POST /echo HTTP/1.1"
NO_MEMORY_HOLDS = 1 << 62  # bytes, and yet a length that 64 bits can say
SLOW_S = 8.0  # none here that knows patience has more: hyperlane today 6 s, ours one
FILES, CROWD = 64, 100


def _is_one_200_and_closed(heard: Heard) -> bool:
    return heard.is_closed and heard.bodies == [HELLO_BODY]


def _is_refused(heard: Heard) -> bool:
    return heard.is_closed and not any(status < 400 for status in heard.statuses)


def _is_a_head_alone(heard: Heard) -> bool:
    return heard.statuses == [200] and heard.received.endswith(b"\r\n\r\n")


def _asks_for_the_body(heard: Heard) -> bool:
    return heard.received.startswith(b"HTTP/1.1 100")


def _is_dated(heard: Heard) -> bool:
    return heard.statuses == [200] and "date" in heard.answers[0].headers


MESSAGES = (
    Defect(
        "two requests on one connection", "RFC 9112, 9.3", "two answers", "keep-alive works",
        (GET, LAST_GET), answers_body(HELLO_BODY, HELLO_BODY),
    ),
    Defect(
        "two requests in one packet", "RFC 9112, 9.3.2", "two answers, in order",
        "the client waits for the second answer for ever",
        (GET + LAST_GET,), answers_body(HELLO_BODY, HELLO_BODY),
    ),
    Defect(
        "a body in chunks", "RFC 9112, 7.1", "the body reaches the handler",
        "uploads of unknown length arrive empty",
        (request(ECHO, "Transfer-Encoding: chunked", CLOSE, body=b"5\r\nhello\r\n0\r\n\r\n"),),
        answers_body(b"hello"),
    ),
    Defect(
        "a body that breaks off", "RFC 9112, 8", "no handler sees it",
        "half an upload, filled up with zeros, is taken for a whole one",
        (request(ECHO, "Content-Length: 10", body=b"abc"),), _is_refused,
        half_closes=True, is_judged_at_end=True,
    ),
    Defect(
        "a head that breaks off", "RFC 9112, 8", "no handler sees it",
        "a request is carried out that its client has not finished",
        (b"GET / HTTP/1.1\r\nHo",), _is_refused, half_closes=True, is_judged_at_end=True,
    ),
    Defect(
        "HEAD", "RFC 9110, 9.3.2", "a head, no body",
        "the body is taken for the next answer",
        (request("HEAD / HTTP/1.1", CLOSE),), _is_a_head_alone, is_judged_at_end=True,
    ),
    Defect(
        "Expect: 100-continue", "RFC 9110, 10.1.1", "100 before the body is sent",
        "clients that ask first, curl among them, wait a second or for ever",
        (request(ECHO, "Content-Length: 5", "Expect: 100-continue"),), _asks_for_the_body,
    ),
    Defect(
        "Connection: close", "RFC 9112, 9.6", "answered, then closed", "the client can go",
        (LAST_GET,), _is_one_200_and_closed, is_judged_at_end=True,
    ),
    Defect(
        "Connection: close, te", "RFC 9110, 7.6.1", "a list: answered, then closed",
        "the connection is kept that the client wants closed",
        (request("GET / HTTP/1.1", "Connection: close, te"),), _is_one_200_and_closed,
        is_judged_at_end=True,
    ),
    Defect(
        "HTTP/1.0", "RFC 9112, 9.3", "answered, then closed", "old clients see the end",
        (request("GET / HTTP/1.0"),), _is_one_200_and_closed, is_judged_at_end=True,
    ),
)  # fmt: skip

ANSWERS = (
    Defect(
        "a handler that fails", "RFC 9110, 15.6.1", "500",
        "the connection breaks off, and nobody learns why",
        (request("GET /panic HTTP/1.1"),), answers_with(500),
    ),
    Defect(
        "a path that nobody answers", "RFC 9110, 15.5.5", "404",
        "what is not there looks like an empty page",
        (request("GET /nowhere HTTP/1.1"),), answers_with(404),
    ),
    Defect(
        "an unknown method", "RFC 9110, 9.1", "501, or 400 or 405",
        "BREW is carried out as if it were GET",
        (request("BREW / HTTP/1.1"),), answers_with(400, 405, 501),
    ),
    Defect(
        "no Host", "RFC 9112, 3.2", "400", "one host's request is answered for another",
        (b"GET / HTTP/1.1\r\n\r\n",), answers_with(400),
    ),
    Defect(
        "two lengths", "RFC 9112, 6.3", "400",
        "a proxy that takes the other one can be made to smuggle requests",
        (request(POST, "Content-Length: 5", "Content-Length: 2", body=b"hello"),),
        answers_with(400),
    ),
    Defect(
        "a length below zero", "RFC 9112, 6.3", "400", "the body does not arrive",
        (request(POST, "Content-Length: -5", body=b"hello"),), answers_with(400),
    ),
    Defect(
        "/%65cho for /echo", "RFC 3986, 6.2.2.2", "the same page",
        "links that are written the other way lead nowhere",
        (request("POST /%65cho HTTP/1.1", "Content-Length: 5", CLOSE, body=b"hello"),),
        answers_body(b"hello"),
    ),
    Defect(
        "the target as a whole URL", "RFC 9112, 3.2.2", "the same page",
        "clients that take it for a proxy get nothing",
        (request("GET http://test/ HTTP/1.1", CLOSE),), answers_body(HELLO_BODY),
    ),
    Defect(
        "a Date", "RFC 9110, 6.6.1", "in each answer", "caches cannot tell its age",
        (LAST_GET,), _is_dated, is_judged_at_end=True,
    ),
)  # fmt: skip

LIMITS = (
    Defect(
        "a body said to be of 4 EiB", "RFC 9110, 15.5.14", "413, and the server goes on",
        "one request of 68 bytes ends the server for all",
        (request(POST, f"Content-Length: {NO_MEMORY_HOLDS}"),), answers_with(413),
    ),
    Defect(
        "a target of 1 MiB", "RFC 9112, 3", "414", "a client decides how much memory it gets",
        (request(f"GET /{'a' * MIB} HTTP/1.1"),), answers_with(414),
    ),
    Defect(
        "a head of 1 MiB", "RFC 6585, 5", "431", "a client decides how much memory it gets",
        (request("GET / HTTP/1.1", *(f"X-{n}: {'a' * KIB}" for n in range(KIB))),),
        answers_with(431),
    ),
    Defect(
        "a head that does not go on", "RFC 9110, 15.5.9", "408 in time",
        "a few silent clients hold their connections for ever",
        (b"GET / HTTP/1.1\r\nHost: ",), answers_with(408), listen_s=SLOW_S,
    ),
    Defect(
        "a body that does not go on", "RFC 9110, 15.5.9", "408 in time",
        "a few silent clients hold their connections for ever",
        (request(POST, "Content-Length: 10", body=b"abc"),), answers_with(408), listen_s=SLOW_S,
    ),
)  # fmt: skip

CROWDED = Defect(
    f"{CROWD} clients for {FILES} files", "good sense", "it goes on when they have left",
    "the accept that fails ends the server, and its exit code says that all is well",
    (LAST_GET,), answers_body(HELLO_BODY), crowd=CROWD,
)  # fmt: skip

HTTP_DEFECTS = (*MESSAGES, *ANSWERS, *LIMITS)
