"""The rest of the head: request line, target, Host, names of fields, ends of lines."""

from __future__ import annotations

from collections.abc import Iterator

from tests.outside.corpus.case import FORGED, HIDDEN, HOST, MARK, PATH, Case, head, length, named

TARGETS = (
    PATH, b"http://judge" + PATH, b"HTTP://judge" + PATH, b"http://other" + PATH,
    b"https://judge" + PATH, b"http://judge:80" + PATH, b"http://a@judge" + PATH, b"http://judge",
    b"http://judge?q", b"http://" + PATH, b"http:" + PATH, b"//other" + PATH, b"ftp://judge" + PATH,
    b"*", b"judge:80", PATH + b"#f", PATH + b"?a=b#f", PATH + b"\\x", b"\\case", PATH + b"%00",
    PATH + b"%0d%0aX:%20y", PATH + b"%", PATH + b"%zz", PATH + b"%20HTTP/1.1", PATH + b" x",
    PATH + b"\tx", PATH + b"\x00", PATH + b"\x0b", PATH + b"\xff", PATH + b"\xc3\xa9",
    PATH + b"/../x", PATH + b"/./x", PATH + b"/%2e%2e/x", b"/.." + PATH, b"/" + PATH, PATH + b"//x",
    PATH + b";a=b", PATH + b'"', PATH + b"<>", PATH + b"{}|^`", b"?" + MARK, b"x" + PATH, b"",
    PATH + b"%2f..%2fx", PATH + b"?" + b"q" * 9000, b"http://[::1]" + PATH,
    b"http://judge\\@other" + PATH, b"http://judge%00" + PATH, b"http://jud ge" + PATH,
    b"/*" + MARK,
)  # fmt: skip
VERSIONS = (
    b" HTTP/1.0", b" HTTP/1.2", b" HTTP/2.0", b" HTTP/0.9", b" HTTP/1", b" HTTP/1.", b" HTTP/.1",
    b" HTTP/01.1", b" HTTP/1.01", b" HTTP/1.10", b" HTTP/11.1", b" http/1.1", b" HTTP /1.1",
    b" HTTP/ 1.1", b" HTTP/1.1 ", b" HTTP/1.1\t", b"  HTTP/1.1", b"\tHTTP/1.1", b"\x0bHTTP/1.1",
    b"\x0cHTTP/1.1", b" HTTP/1.1 HTTP/1.0", b" HTTP/1.1\x00", b" HTTP/1.1\r", b" ICE/1.0",
    b" HTTP/1,1", b" HTTP/-1.1", b" HTTP/1.\xb9", b"", b" ", b" HTTPS/1.1", b"\rHTTP/1.1",
    b" HTTP/3.0", b" HTTP/1.1x",
)  # fmt: skip
STARTS = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\r\n" * 9, b" ", b"\t", b"\x00", b"\xef\xbb\xbf",
    b"\r\r\n", b"\n\r\n", b"X", b"0\r\n\r\n", b"\x16\x03\x01", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\r\n ", b"PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n",
)  # fmt: skip
METHODS = (
    b"get", b"Get", b"GET\t", b"G T", b"GET\x00", b"\x00GET", b"GE\xc3", b"G(T", b"QUERY",
    b"PROPFIND", b"CONNECT", b"PRI", b"SOURCE", b"M-SEARCH", b"X" * 40, b"GET,", b'"GET"', b"",
    b"GET:", b"{GET}",
)  # fmt: skip
HOSTS = (
    (b"Host:",), (b"Host: ",), (), (HOST, HOST), (HOST, b"Host: other"), (b"Host: other", HOST),
    (HOST, b"host:"), (b"Host : judge",), (b" Host: judge",), (b"X: y", b" Host: judge"),
    (b"Host: judge, other",), (b"Host: judge other",), (b"Host: judge\tother",), (b"Host: judge/",),
    (b"Host: judge/path",), (b"Host: judge?q",), (b"Host: judge#f",), (b"Host: a@judge",),
    (b"Host: judge:",), (b"Host: judge:80",), (b"Host: judge:x",), (b"Host: judge:99999",),
    (b"Host: judge:80:80",), (b"Host: :80",), (b"Host: judge\x00",), (b"Host: judge\x0b",),
    (b"Host: \xff",), (b"Host: [::1]",), (b"Host: [::1",), (b"Host: ::1",),
    (b"Host: judge\\other",), (b"Host: http://judge",), (b"Host:\r\n judge",),
    (b"Host: judge\r\n other",), (b"Host:judge",), (b"HOST: judge",), (b"Host:\tjudge\t",),
    (HOST, b"X-Forwarded-Host: other"), (b"H\xf6st: judge",), (b"Host: judge\rHost: other",),
    (b"Host: judge\nHost: other",), (b"Host: %6audge",), (b"Host: -",), (HOST, b"Host_: other"),
    (b"Host: judge;",), (b"Host: \"judge\"",), (b"Host: judge.",), (b"Host: .",),
)  # fmt: skip
FIELDS = (
    FORGED, FORGED.replace(b"-", b"_"), FORGED.replace(b": ", b" : "),
    FORGED.replace(b": ", b":\r\n "), FORGED.lower(), FORGED + b"\r\n" + FORGED, b" " + FORGED,
    b"X: y\r\n " + FORGED, b"X: y\r" + FORGED, b"X: y\n" + FORGED, b"X: y\x00" + FORGED, b"X:\x00",
    b"X: a\x00b", b"X\x00: y", b"X: \x01", b"X: \x7f", b"X: \xff", b"X\xff: y", b"X: a\rb",
    b"X: a\r", b"X: a\nb", b"X", b"X:", b":", b": y", b" : y", b"X : y", b"X\t: y", b"X y",
    b"X:\r\n", b"X: y\r\n z", b"X: y\r\n\tz", b"X: y\n z", b"X: y\r\n ", b"X: y\r\n \r\n z",
    b"(X): y", b"X,Y: z", b"X/Y: z", b"X@Y: z", b"[X]: y", b'"X": y', b"X=Y: z", b"X_Y: z",
    b"X.Y: z", b"X: " + b"y" * 9000, b"X" * 9000 + b": y", b"\r\nX: y", b"\nX: y", b"\x0bX: y",
    b"X\x0b: y", b"X:\x0by", b"X: y\x0c", b"\x85X: y", b"X: y\xe2\x80\xa8Z: a", b"X: y\r\r\nZ: a",
    b"X: y\n\nGET /hidden/" + MARK,
)  # fmt: skip


def cases() -> Iterator[Case]:
    tail = b"\r\n" + HOST + b"\r\n\r\n"
    for target in TARGETS:
        for method in (b"GET", b"OPTIONS"):
            data = method + b" " + target + b" HTTP/1.1" + tail + HIDDEN
            yield Case(named("target", method.decode(), target[:80]), data)
    for version in VERSIONS:
        data = b"GET " + PATH + version + tail + HIDDEN
        yield Case(named("version", "nothing", version), data)
        body = b"POST " + PATH + version + b"\r\n" + HOST + b"\r\n" + length(HIDDEN) + b"\r\n\r\n"
        yield Case(named("version", "hidden in the body", version), body + HIDDEN)
    for start in STARTS:
        yield Case(named("start", "first", start), start + head(method=b"GET") + HIDDEN)
        yield Case(named("start", "second", start), head(method=b"GET") + start + HIDDEN)
        after_body = head(b"Content-Length: 5") + b"hello" + start + HIDDEN
        yield Case(named("start", "after a body", start), after_body)
    for method in METHODS:
        yield Case(named("method", "alone", method[:9]), head(method=method) + HIDDEN)
        full = head(length(HIDDEN), method=method) + HIDDEN
        yield Case(named("method", "hidden in the body", method[:9]), full + HIDDEN)
    for hosts in HOSTS:
        shown = b" / ".join(hosts)
        yield Case(named("host", "origin", shown), head(*hosts, method=b"GET", host=b"") + HIDDEN)
        line = b"GET http://judge" + PATH + b" HTTP/1.1\r\n"
        absolute = line + b"\r\n".join((*hosts, b"", b"")) + HIDDEN
        yield Case(named("host", "absolute", shown), absolute)
    for field in FIELDS:
        yield Case(named("field", "GET", field[:80]), head(field, method=b"GET") + HIDDEN)
        posted = head(field, b"Content-Length: 5") + b"hello" + HIDDEN
        yield Case(named("field", "before the length", field[:80]), posted)
