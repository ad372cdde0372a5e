"""Our own questions: whole conversations, targets, hosts and limits.

Rule: each case is one sentence of RFC 9110 or 9112, and its name says which section.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import NO_OPINION, UNFINISHED, Case, Seen, Verdict, answered, refused

NAME = "house"
HOST = b"Host: judge\r\n"
A, B = Seen("GET", "/a", b""), Seen("GET", "/b", b"")
POSTED = Seen("POST", "/p", b"hello")
CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"


def get(target: bytes, more: bytes = b"", version: bytes = b"1.1") -> bytes:
    return b"GET %b HTTP/%b\r\n%b%b\r\n" % (target, version, HOST, more)


def post(body: bytes, more: bytes, method: bytes = b"POST", version: bytes = b"1.1") -> bytes:
    return b"%b /p HTTP/%b\r\n%b%b\r\n%b" % (method, version, HOST, more, body)


def sized(size: int) -> bytes:
    return b"Content-Length: %d\r\n" % size


BAD = frozenset({400})
TE, CLOSE = b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n"
AFTER_CLOSE = Verdict((A,), "quiet")

CONVERSATIONS: dict[str, tuple[bytes, Verdict]] = {
    "9112 9.3.2 pipelined": (get(b"/a") + get(b"/b"), answered(A, B)),
    "9112 9.3.2 pipelined after a body": (
        post(b"hello", sized(5)) + get(b"/b"), answered(POSTED, B)),
    "9112 9.3.2 pipelined after chunks": (post(CHUNKS, TE) + get(b"/b"), answered(POSTED, B)),
    "9112 9.3.2 forty pipelined": (get(b"/a") * 40, answered(*[A] * 40)),
    "9112 9.6 nothing after close": (get(b"/a", CLOSE) + get(b"/b"), AFTER_CLOSE),
    "9112 9.6 close in a list": (get(b"/a", b"Connection: x, Close\r\n") + get(b"/b"), AFTER_CLOSE),
    "9112 9.6 close in a second field": (
        get(b"/a", b"Connection: keep-alive\r\n" + CLOSE) + get(b"/b"), AFTER_CLOSE),
    "9110 6.5.1 a trailer does not undo close": (
        post(CHUNKS[:-2] + b"Connection: keep-alive\r\n\r\n", TE + CLOSE) + get(b"/b"),
        Verdict((POSTED,), "quiet")),
    "9110 6.5.1 a trailer does not upgrade": (
        post(CHUNKS[:-2] + b"Connection: upgrade\r\nUpgrade: x/1\r\n\r\n", TE) + get(b"/b"),
        answered(POSTED, B, may_refuse=True)),
    "9110 6.5.1 a second coding in the trailer": (
        post(CHUNKS[:-2] + TE + b"\r\n" + CHUNKS, TE),
        Verdict((POSTED,), "refused", may_refuse=True)),
    "9112 9.3 HTTP/1.0 closes": (get(b"/a", version=b"1.0") + get(b"/b"), AFTER_CLOSE),
    "9112 9.3 HTTP/1.0 kept alive": (
        get(b"/a", b"Connection: keep-alive\r\n", b"1.0") + get(b"/b"), answered(A, B)),
    "9112 6.3 a byte too many begins the next request": (
        post(b"helloX", sized(5)), Verdict((POSTED,), "quiet")),
    "9112 6.3 garbage that is no request line": (
        post(b"hello", sized(5)) + b"\x16\x03\r\n\r\n", Verdict((POSTED,), "refused", BAD)),
    "9112 6.3 garbage after a body": (
        post(b"hello!!", sized(5)) + get(b"/b"), Verdict((POSTED,), "refused")),
    "9112 2.2 CRLF after a body": (post(b"hello\r\n", sized(5)) + get(b"/b"), answered(POSTED, B)),
    "9112 8 body cut short": (post(b"hell", sized(5)), UNFINISHED),
    "9112 8 chunks cut short": (post(CHUNKS[:-2], TE), UNFINISHED),
    "9112 8 chunk cut short": (post(b"5\r\nhel", TE), UNFINISHED),
    "9110 9.3.1 GET with a body that looks like a request": (
        b"GET /a HTTP/1.1\r\n" + HOST + sized(len(get(b"/b"))) + b"\r\n" + get(b"/b") + get(b"/b"),
        answered(Seen("GET", "/a", get(b"/b")), B)),
    "9110 9.3.2 HEAD has no body in the answer": (
        b"HEAD /a HTTP/1.1\r\n" + HOST + b"\r\n" + get(b"/b"), answered(Seen("HEAD", "/a"), B)),
    "9110 9.3.2 HEAD with a body": (
        post(b"hello", sized(5), b"HEAD") + get(b"/b"), answered(Seen("HEAD", "/p"), B)),
    "9110 9.3.8 TRACE with a body": (
        post(b"hello", sized(5), b"TRACE") + get(b"/b"),
        answered(Seen("TRACE", "/p", b"hello"), B, may_refuse=True)),
    "9110 7.8 upgrade unknown, the request counts": (
        get(b"/a", b"Connection: Upgrade\r\nUpgrade: x/1\r\n") + get(b"/b"),
        Verdict((A, B), "either")),
    "9110 7.8 upgrade with a body": (
        post(get(b"/b"), b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + sized(len(get(b"/b")))),
        Verdict((Seen("POST", "/p", get(b"/b")),), "either")),
    "9110 7.8 upgrade with chunks": (
        post(CHUNKS, b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + TE),
        Verdict((POSTED,), "either")),
    "9110 10.1.1 expectation, body follows": (
        post(b"hello", b"Expect: 100-continue\r\n" + sized(5)) + get(b"/b"), answered(POSTED, B)),
    "9110 10.1.1 expectation without a body": (
        get(b"/a", b"Expect: 100-continue\r\n") + get(b"/b"), answered(A, B)),
    "9110 10.1.1 expectation in HTTP/1.0": (
        post(b"hello", b"Expect: 100-continue\r\n" + sized(5), version=b"1.0"), answered(POSTED)),
    "9110 10.1.1 unknown expectation": (
        post(b"hello", b"Expect: x\r\n" + sized(5)), answered(POSTED, may_refuse=True)),
}  # fmt: skip

TARGETS: dict[str, tuple[bytes, Verdict]] = {
    "9112 3.2.2 absolute form": (get(b"http://judge/a"), answered(A)),
    "9112 3.2.2 absolute form, no path": (get(b"http://judge?q"), answered(Seen(target="/?q"))),
    "9112 3.2.2 scheme in capitals": (get(b"HTTP://judge/a"), answered(A)),
    "9110 4.2.1 empty host": (get(b"http:///a"), refused(400)),
    "9110 4.2.1 empty host with a port": (get(b"http://:80/a"), refused(400)),
    "9110 4.2.4 userinfo": (get(b"http://user@judge/a"), refused(400)),
    "9110 7.4 https on a plain connection": (get(b"https://judge/a"), refused(400, 421)),
    "9110 7.4 another scheme": (get(b"ftp://judge/a"), refused(400, 421)),
    "9112 3.2.3 authority form": (get(b"judge:80"), refused(400)),
    "9112 3.2.4 asterisk for GET": (get(b"*"), refused(400)),
    "9112 3.2 fragment": (get(b"/a#b"), refused(400)),
    "9112 3.2 relative": (get(b"a/b"), refused(400)),
    "9112 3.2 empty": (get(b""), refused(400)),
    "9112 3.2 space inside": (get(b"/a b"), refused(400)),
    "9112 3.2.1 two slashes": (get(b"//other/a"), answered(Seen("GET", "//other/a"))),
    "9112 3 two spaces": (b"GET  /a HTTP/1.1\r\n" + HOST + b"\r\n", refused(400)),
    "9112 3 space at the end": (b"GET /a HTTP/1.1 \r\n" + HOST + b"\r\n", refused(400)),
    "9112 3 space before": (b" GET /a HTTP/1.1\r\n" + HOST + b"\r\n", refused(400)),
    "9110 2.5 a higher minor version": (get(b"/a", version=b"1.2"), answered(A)),
    "9110 2.5 a higher major version": (get(b"/a", version=b"2.0"), refused(505)),
    "9110 2.5 a much higher version": (get(b"/a", version=b"3.7"), refused(505)),
    "9112 2.3 two digits": (get(b"/a", version=b"1.10"), refused(400, 505)),
    "9112 2.3 no version": (b"GET /a\r\n\r\n", refused(400, 505)),
    "9113 3.4 HTTP/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", refused(400, 505)),
    "5246 TLS hello": (bytes.fromhex("16030100c6010000c20303") + b"\x00\r\n\r\n", refused(400)),
    "9110 9.1 unknown method": (b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n", refused(501)),
    "9110 9.1 methods have a case": (b"get / HTTP/1.1\r\n" + HOST + b"\r\n", refused(400, 501)),
    "9110 9.3.6 CONNECT": (
        b"CONNECT judge:80 HTTP/1.1\r\n" + HOST + b"\r\n", refused(400, 405, 501)),
    "9110 9.3.6 CONNECT, then bytes": (
        b"CONNECT judge:80 HTTP/1.1\r\n" + HOST + b"\r\n" + get(b"/a"), refused(400, 405, 501)),
}  # fmt: skip

GOOD_HOSTS = (
    b"judge", b"judge:80", b"judge:", b"127.0.0.1", b"[::1]", b"[::1]:80", b"[2001:db8::7]",
    b"[::ffff:1.2.3.4]", b"a.b.c", b"a_b", b"xn--bcher-kva.example", b"\tjudge ",
)  # fmt: skip
BAD_HOSTS = (
    b"judge, other", b"judge other", b"user@judge", b"judge/a", b"judge?a", b"judge#a",
    b"judge:80x", b"judge:80:80", b"judge:-1", b"[::1", b"::1", b"[::1]]", b"[::1]x", b"[]", b"[1]",
    b"[1::2::3]",
    b"[:::]", b"[12345::]", b"[1:2:3:4:5:6:7:8:9]", b"[::1.2.3]", b"[.]", b"a\\b", b"a<b>", b'a"b',
    b"\xffjudge", b"j\xc3\xbcdge", b"judge\x00", b"judge\x7f", b"http://judge", b"a|b", b"a^b",
    b"a%zzb",
)  # fmt: skip

TRAILERS = (
    b"Content-Length: 50", b"Transfer-Encoding: chunked", b"Host: other",
    b"Authorization: Bearer x", b"Cookie: a=b", b"X-Own: 1", b"Connection: close",
    b"Expect: 100-continue",
)  # fmt: skip
BROKEN_CHUNKS = (
    b"+5\r\nhello\r\n0\r\n\r\n", b"-5\r\nhello\r\n0\r\n\r\n", b"0x5\r\nhello\r\n0\r\n\r\n",
    b"5_\r\nhello\r\n0\r\n\r\n", b" 5\r\nhello\r\n0\r\n\r\n", b"5 \r\nhello\r\n0\r\n\r\n",
    b"\r\nhello\r\n0\r\n\r\n", b"g\r\nhello\r\n0\r\n\r\n", b"5\nhello\r\n0\r\n\r\n",
    b"5\rhello\r\n0\r\n\r\n", b"5\r\nhello0\r\n\r\n", b"5\r\nhello\n0\r\n\r\n",
    b"5\r\nhelloX\r\n0\r\n\r\n", b"5\r\nhell\r\n0\r\n\r\n", b"5\r\nhelloXX0\r\n\r\n",
    b"10000000000000005\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    b"5;\nhello\r\n0\r\n\r\n", b"5;a\nhello\r\n0\r\n\r\n", b"5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
    b"5;a\rb\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n0\n\r\n", b"5\r\nhello\r\n0\r\nX: y\n\r\n",
    b"5\r\nhello\r\n0\r\nX : y\r\n\r\n", b"5\r\nhello\r\n0\r\nX\r\n\r\n",
    b"5\r\nhello\r\n0\r\n X: y\r\n\r\n", b"5\r\nhello\r\n0\r\nX: y\r\n z\r\n\r\n",
    b"5\r\nhello\r\n-0\r\n\r\n", b"5\r\nhello\r\n0\r\rX", b"5\r\nhello\r\n0\r\n\rX",
)  # fmt: skip
FINE_CHUNKS = (
    b"05\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n000\r\n\r\n", b"5;a\r\nhello\r\n0;b\r\n\r\n",
    b"5;a=b;c\r\nhello\r\n0\r\n\r\n", b'5;a="b; c\\"d"\r\nhello\r\n0\r\n\r\n',
    b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", b"5 ; a = b\r\nhello\r\n0\r\n\r\n",
    b"5; a\r\nhello\r\n0\r\n\r\n",
)  # fmt: skip
EMPTY_EXTENSIONS = (
    b"5;\r\nhello\r\n0\r\n\r\n", b"5;a=\r\nhello\r\n0\r\n\r\n", b'5;a="b\r\nhello\r\n0\r\n\r\n',
)  # fmt: skip


def limits() -> dict[str, tuple[bytes, Verdict]]:
    """What is too large, and how it must be told."""
    many = b"".join(b"X-%d: y\r\n" % number for number in range(10_000))
    return {
        "9110 15.5.15 a target of 100 kB": (get(b"/" + b"a" * 100_000), refused(414)),
        "6585 5 a value of 100 kB": (get(b"/a", b"X: " + b"a" * 100_000 + b"\r\n"), refused(431)),
        "6585 5 a name of 100 kB": (get(b"/a", b"a" * 100_000 + b": x\r\n"), refused(431)),
        "6585 5 ten thousand fields": (get(b"/a", many), refused(431)),
        "6585 5 trailers of 100 kB": (
            post(b"0\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", TE), refused(400, 413, 431)),
        "9112 7.1.1 an extension of 100 kB": (
            post(b"1;" + b"a" * 100_000 + b"\r\nb\r\n0\r\n\r\n", TE), refused(400, 413, 431)),
        "9112 7.1.1 an extension on every chunk": (
            post((b"1;" + b"a" * 200 + b"\r\nb\r\n") * 500 + b"0\r\n\r\n", TE),
            answered(Seen(body=b"b" * 500), may_refuse=True)),
        "9112 7.1 zeros before a size": (
            post(b"0" * 100_000 + b"1\r\nb\r\n0\r\n\r\n", TE), refused(400, 413, 431)),
        "9110 15.5.14 a length beyond all": (post(b"", b"Content-Length: 9%b\r\n" % (b"0" * 30)),
            refused(400, 413)),
        "9110 15.5.14 a length of 1 TB": (post(b"", sized(10**12)), refused(413)),
        "9110 15.5.14 a chunk of 1 TB": (post(b"e8d4a51000\r\nhello", TE), NO_OPINION),
        "9112 3 a method of 100 kB": (b"A" * 100_000 + b" / HTTP/1.1\r\n" + HOST + b"\r\n",
            refused(400, 431, 501)),
        "9112 2.2 ten thousand empty lines": (b"\r\n" * 10_000 + get(b"/a"),
            answered(A, may_refuse=True)),
        "9112 2.2 no line at all": (b"a" * 100_000, refused(400, 414, 431, 501)),
    }  # fmt: skip


def cases(folder: Path | None = None) -> Iterator[Case]:
    """Every question."""
    for table in (CONVERSATIONS, TARGETS, limits()):
        for name, (data, verdict) in table.items():
            yield Case(NAME, name, data, verdict)
    for host in GOOD_HOSTS + BAD_HOSTS:
        verdict = answered(A) if host in GOOD_HOSTS else refused(400)
        data = b"GET /a HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"
        yield Case(NAME, f"9112 3.2 host {host!r}", data, verdict)
        if host.strip() == host:
            absolute = get(b"http://" + host + b"/a")
            is_path = host.startswith((b"judge/", b"judge?", b"http:"))
            yield Case(NAME, f"9112 3.2.2 {host!r}", absolute, NO_OPINION if is_path else verdict)
    for line in TRAILERS:
        seen = Seen("POST", "/p", b"hello", (("host", "judge"), ("transfer-encoding", "chunked")))
        data = post(CHUNKS[:-2] + line + b"\r\n\r\n", TE) + get(b"/b")
        yield Case(NAME, f"9110 6.5.1 trailer {line!r}", data, answered(seen, B, may_refuse=True))
    yield from _chunked()


def _chunked() -> Iterator[Case]:
    for body in BROKEN_CHUNKS:
        yield Case(
            NAME, f"9112 7.1 broken {body!r}", post(body, TE) + get(b"/b"), refused(400, 413)
        )
    for body in FINE_CHUNKS:
        data = post(body, TE) + get(b"/b")
        yield Case(NAME, f"9112 7.1 fine {body!r}", data, answered(POSTED, B))
    for body in EMPTY_EXTENSIONS:
        data = post(body, TE) + get(b"/b")
        yield Case(NAME, f"9112 7.1.1 half {body!r}", data, refused(400))
    both = post(CHUNKS, TE + sized(len(CHUNKS))) + get(b"/b")
    yield Case(NAME, "9112 6.3 both lengths", both, refused(400))
    old = post(CHUNKS, TE, version=b"1.0") + get(b"/b")
    yield Case(NAME, "9112 6.1 chunks in HTTP/1.0", old, refused(400))
